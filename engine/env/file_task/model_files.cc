#include "engine/env/file_task/model_files.h"

#include <tinyxml2.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>

namespace equipoise::env {
namespace {

namespace fs = std::filesystem;

struct Named {
  std::string file, by;
  int line;
  std::string tag;
};

class Collector {
 public:
  explicit Collector(const std::string& model) : folder_(fs::path(model).parent_path()) {}

  Status Read(const std::string& path) {
    if (!Add(path)) return {};
    tinyxml2::XMLDocument document;
    if (document.LoadFile(path.c_str()) != tinyxml2::XML_SUCCESS)
      return Error{path + ":" + std::to_string(document.ErrorLineNum()) +
                   ": it cannot be read as XML: " + document.ErrorName()};
    return document.RootElement() != nullptr ? Walk(*document.RootElement(), path) : Status();
  }

  // After all compiler elements are known.
  Status FindAssets() {
    for (const Named& asset : assets_) {
      const fs::path file = strips_ ? fs::path(asset.file).filename() : fs::path(asset.file);
      bool found = false;
      for (const std::string& folder : FoldersFor(asset.tag)) {
        const fs::path path = folder_ / folder / file;  // an absolute one replaces what stands before it
        std::error_code unreadable;
        if (!fs::is_regular_file(path, unreadable)) continue;
        (void)Add(path.lexically_normal().string());
        found = true;
        break;
      }
      if (!found)
        return Error{asset.by + ":" + std::to_string(asset.line) + ": the file " + asset.file + " of a <" + asset.tag +
                     "> is not there"};
    }
    return {};
  }

  std::vector<std::string> Take() { return std::move(files_); }

 private:
  bool Add(const std::string& path) {
    if (!seen_.insert(path).second) return false;
    files_.push_back(path);
    return true;
  }

  std::vector<std::string> FoldersFor(const std::string& tag) const {
    std::vector<std::string> folders =
        tag == "texture" ? std::vector{textures_, meshes_} : std::vector{meshes_, textures_};
    folders.push_back(assets_folder_);
    folders.emplace_back("");
    return folders;
  }

  Status Walk(const tinyxml2::XMLElement& element, const std::string& path) {
    const std::string tag = element.Name();
    const auto text = [&element](const char* name) {
      const char* value = element.Attribute(name);
      return std::string(value != nullptr ? value : "");
    };
    if (tag == "include" && !text("file").empty()) return Include(text("file"), path, element.GetLineNum());
    if (tag == "compiler") {
      if (!text("meshdir").empty()) meshes_ = text("meshdir");
      if (!text("texturedir").empty()) textures_ = text("texturedir");
      if (!text("assetdir").empty()) assets_folder_ = text("assetdir");
      if (text("strippath") == "true") strips_ = true;
    }
    const bool is_asset = tag == "mesh" || tag == "texture" || tag == "hfield" || tag == "skin";
    for (const tinyxml2::XMLAttribute* a = element.FirstAttribute(); is_asset && a != nullptr; a = a->Next())
      if (std::strncmp(a->Name(), "file", 4) == 0) assets_.push_back({a->Value(), path, element.GetLineNum(), tag});
    for (const auto* child = element.FirstChildElement(); child != nullptr; child = child->NextSiblingElement())
      if (Status walked = Walk(*child, path); !walked) return walked;
    return {};
  }

  // MuJoCo looks beside the model; some versions beside the file that includes.
  Status Include(const std::string& file, const std::string& by, int line) {
    for (const fs::path& folder : {folder_, fs::path(by).parent_path()}) {
      const fs::path path = (folder / file).lexically_normal();
      std::error_code unreadable;
      if (fs::is_regular_file(path, unreadable)) return Read(path.string());
    }
    return Error{by + ":" + std::to_string(line) + ": the file " + file + " that it includes is not there"};
  }

  const fs::path folder_;
  std::string meshes_, textures_, assets_folder_;
  bool strips_ = false;
  std::vector<Named> assets_;
  std::set<std::string> seen_;
  std::vector<std::string> files_;
};

}  // namespace

Result<std::vector<std::string>> ModelFiles(const std::string& model) {
  Collector collector(model);
  if (Status read = collector.Read(model); !read) return read.error();
  if (Status found = collector.FindAssets(); !found) return found.error();
  return collector.Take();
}

}  // namespace equipoise::env
