// manual.cc: what the command line says of itself, as manual pages and for the completion of shells: `equipoise manual` and
// `equipoise completion`. Both are made from the same words as --help, so they cannot say something else.
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/options.h"
#include "engine/agent/recipes.h"
#include "engine/base/output_file.h"
#include "engine/base/version.h"
#include "engine/config/section.h"
#include "engine/env/task.h"

namespace equipoise::app {
namespace {

// As roff takes it: a hyphen that is meant as one, and no line that it would obey.
std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  const size_t first = out.find_first_not_of(' ');
  if (first != std::string::npos && (out[first] == '.' || out[first] == '\'')) out.insert(first, "\\&");
  return out;
}

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string PageName(const CLI::App& program, const CLI::App& about) {
  return &program == &about ? program.get_name() : program.get_name() + "-" + about.get_name();
}

// "Run in the terminal and leave a run folder." as man's list of pages has it.
std::string InShort(const std::string& about) {
  std::string text = about.substr(0, about.find('\n'));
  while (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

// What stands indented is kept line by line; the rest flows.
void AddText(const std::string& text, std::ostream& out) {
  std::istringstream in(text);
  bool literal = false, begun = false;
  for (std::string line; std::getline(in, line);) {
    const bool indented = line.rfind("  ", 0) == 0;
    if (indented != literal) {
      if (indented) out << ".PP\n";
      out << (indented ? ".nf\n" : ".fi\n");
      literal = indented;
    }
    if (line.empty()) {
      if (begun) out << ".PP\n";
      begun = false;
      continue;
    }
    out << Escaped(line) << "\n";
    begun = true;
  }
  if (literal) out << ".fi\n";
}

void AddOptions(const CLI::App& about, std::ostream& out) {
  std::vector<const CLI::Option*> options;
  for (const CLI::Option* option : about.get_options([](const CLI::Option*) { return true; }))
    if (!option->get_group().empty()) options.push_back(option);
  if (options.empty()) return;
  out << ".SH OPTIONS\n";
  for (const CLI::Option* option : options) {
    const std::string value = option->get_type_size() == 0 ? "" : option->get_type_name();
    out << ".TP\n.B " << Escaped(option->get_name(true, true)) << (value.empty() ? "" : " " + Escaped(value)) << "\n";
    const std::string about_it = option->get_description();
    out << Escaped(about_it.empty() ? std::string("see above") : about_it);
    if (!option->get_default_str().empty()) out << " (default: " << Escaped(option->get_default_str()) << ")";
    out << "\n";
  }
}

std::vector<const CLI::App*> Commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// Every long and short name of an option; what is given by its place has none.
std::vector<std::string> Flags(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options([](const CLI::Option*) { return true; })) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
  }
  return flags;
}

std::vector<std::string> AgentNames() {
  std::vector<std::string> names;
  for (const agent::Recipe& recipe : agent::Recipes()) names.emplace_back(recipe.name);
  return names;
}

// "eps.masks=", to go on behind it.
std::vector<std::string> Settings() {
  std::vector<std::string> keys;
  for (const config::Section& section : config::Sections())
    for (const config::Spec& spec : section.specs) keys.push_back(spec.key + "=");
  return keys;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string Bash(const CLI::App& program) {
  std::ostringstream out;
  std::vector<std::string> names;
  for (const CLI::App* command : Commands(program)) names.push_back(command->get_name());
  out << "# Completion of " << program.get_name() << " for bash, made by `" << program.get_name()
      << " completion bash`.\n_equipoise() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
         "  case $before in\n"
         "    --agent | -a) words='"
      << Joined(AgentNames()) << "' ;;\n    --task | -t) words='" << Joined(env::TaskNames())
      << "' ;;\n    --preset | -p) words='cpu paper' ;;\n    --set) words='" << Joined(Settings())
      << "' ; compopt -o nospace 2>/dev/null ;;\n  esac\n"
         "  if [ -z \"$words\" ]; then\n    if [ \"$COMP_CWORD\" = 1 ]; then\n      words='"
      << Joined(names) << " " << Joined(Flags(program))
      << "'\n    elif [[ $current == -* ]]; then\n      case ${COMP_WORDS[1]} in\n";
  for (const CLI::App* command : Commands(program)) {
    std::vector<std::string> flags = Flags(*command);
    for (const CLI::App* inner : Commands(*command))
      for (const std::string& flag : Flags(*inner)) flags.push_back(flag);
    out << "        " << command->get_name() << ") words='" << Joined(flags) << "' ;;\n";
  }
  out << "      esac\n    else\n      case ${COMP_WORDS[1]} in\n        help | manual) words='" << Joined(names)
      << "' ;;\n";
  for (const CLI::App* command : Commands(program)) {
    std::vector<std::string> inner;
    for (const CLI::App* one : Commands(*command)) inner.push_back(one->get_name());
    if (!inner.empty()) out << "        " << command->get_name() << ") words='" << Joined(inner) << "' ;;\n";
  }
  out << "      esac\n    fi\n  fi\n"
         "  if [ -n \"$words\" ]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n  fi\n"
         "}\n"
         "complete -o bashdefault -o default -F _equipoise "
      << program.get_name() << " equipoise-torch\n";
  return out.str();
}

std::string Quoted(std::string text) {
  for (size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 4) text.replace(at, 1, "'\\''");
  return "'" + text + "'";
}

std::string Zsh(const CLI::App& program) {
  std::ostringstream out;
  out << "#compdef " << program.get_name() << " equipoise-torch\n# Made by `" << program.get_name()
      << " completion zsh`.\n_equipoise() {\n  local -a commands options\n  commands=(\n";
  for (const CLI::App* command : Commands(program))
    out << "    " << Quoted(command->get_name() + ":" + InShort(command->get_description())) << "\n";
  out << "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
         "  case $words[CURRENT-1] in\n    --agent|-a) compadd -- "
      << Joined(AgentNames()) << "; return ;;\n    --task|-t) compadd -- " << Joined(env::TaskNames())
      << "; _files; return ;;\n    --preset|-p) compadd -- cpu paper; return ;;\n    --set) compadd -S "
         " -- "
      << Joined(Settings()) << "; return ;;\n  esac\n  case $words[2] in\n";
  for (const CLI::App* command : Commands(program))
    out << "    " << command->get_name() << ") options=(" << Joined(Flags(*command)) << ") ;;\n";
  out << "  esac\n  if [[ $words[CURRENT] == -* ]]; then\n    compadd -- $options\n  else\n    _files\n  fi\n}\n"
         "_equipoise \"$@\"\n";
  return out.str();
}

std::string ManualPage(const CLI::App& program, const CLI::App& about) {
  const bool whole = &program == &about;
  const std::string name = PageName(program, about);
  std::ostringstream out;
  out << ".\\\" Made from the help of the program: do not edit.\n.TH " << Escaped(Upper(name)) << " 1 \"\" \"Equipoise "
      << Version() << "\" \"User Commands\"\n.SH NAME\n"
      << Escaped(name) << " \\- " << Escaped(InShort(about.get_description())) << "\n.SH SYNOPSIS\n.B "
      << Escaped(whole ? program.get_name() : program.get_name() + " " + about.get_name()) << "\n";
  if (whole) {
    out << "[COMMAND] [OPTIONS]\n";
  } else {
    out << "[OPTIONS]";
    for (const CLI::Option* option : about.get_options([](const CLI::Option*) { return true; }))
      if (option->get_positional()) out << " [" << Upper(Escaped(option->get_name(true, false))) << "]";
    out << "\n";
  }
  out << ".SH DESCRIPTION\n";
  AddText(about.get_description(), out);
  AddOptions(about, out);
  if (!Commands(about).empty()) {
    out << ".SH COMMANDS\n";
    for (const CLI::App* command : Commands(about)) {
      out << ".TP\n.B " << Escaped(command->get_name()) << "\n" << Escaped(command->get_description()) << "\n";
      if (!whole && !command->get_footer().empty()) {
        out << ".RS\n";
        AddText(command->get_footer(), out);
        out << ".RE\n";
      }
    }
  }
  if (!about.get_footer().empty()) {
    out << ".SH NOTES\n";
    AddText(about.get_footer(), out);
  }
  out << ".SH SEE ALSO\n";
  if (whole) {
    const std::vector<const CLI::App*> commands = Commands(program);
    for (const CLI::App* command : commands)
      out << ".BR " << Escaped(PageName(program, *command)) << " (1)" << (command == commands.back() ? "\n" : ",\n");
  } else {
    out << ".BR " << Escaped(program.get_name()) << " (1)\n";
  }
  return out.str();
}

// All pages and both completions, as a package takes them along.
Status WriteAll(const CLI::App& program, const std::string& folder) {
  std::vector<std::pair<std::string, std::string>> files = {{"equipoise.bash", Bash(program)},
                                                            {"_equipoise", Zsh(program)},
                                                            {program.get_name() + ".1", ManualPage(program, program)}};
  for (const CLI::App* command : Commands(program))
    files.emplace_back(PageName(program, *command) + ".1", ManualPage(program, *command));
  OutputRule rule;
  rule.overwrite = true;
  for (const auto& [name, text] : files)
    if (Status status = WriteOutput(folder + "/" + name, text, rule); !status) return status;
  return {};
}

}  // namespace

void AddManual(CLI::App* app, int* code) {
  const auto topic = std::make_shared<std::string>(), folder = std::make_shared<std::string>();
  CLI::App* command = app->add_subcommand("manual", "Print the manual page of the program, or of one command.");
  command->add_option("command", *topic, "one of the others");
  command
      ->add_option("--all", *folder, "folder for the pages of all commands, and for what shells take to complete them")
      ->check(kNamed);
  command->callback([=] {
    const CLI::App* about = topic->empty() ? app : nullptr;
    std::string known;
    for (const CLI::App* one : Commands(*app)) {
      if (one->get_name() == *topic) about = one;
      known += (known.empty() ? "" : ", ") + one->get_name();
    }
    if (about == nullptr) {
      *code = Fail(kUsageError, "there is no command " + *topic + "; there are " + known);
    } else if (folder->empty()) {
      std::cout << ManualPage(*app, *about);
    } else if (const Status written = WriteAll(*app, *folder); !written) {
      *code = Fail(kFailure, written.error().message);
    }
  });

  const auto shell = std::make_shared<std::string>();
  command = app->add_subcommand("completion", "Print what a shell needs to complete command lines of the program.");
  command->add_option("shell", *shell, "bash or zsh")->required();
  command->callback([=] {
    if (*shell == "bash" || *shell == "zsh") {
      std::cout << (*shell == "bash" ? Bash(*app) : Zsh(*app));
    } else {
      *code = Fail(kUsageError, "there is a completion for bash and for zsh, not for " + *shell);
    }
  });
}

}  // namespace equipoise::app
