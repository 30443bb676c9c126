# Every package the project uses, and the one place where their versions differ (with engine/base/compat.h for code).
# Debian 12 and 13 bring all of them; a newer LibTorch or MuJoCo is found through CMAKE_PREFIX_PATH.
find_package(Threads REQUIRED)
find_package(Torch REQUIRED)
find_package(mujoco REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(Boost REQUIRED CONFIG)       # headers only: CRC, Student t
find_package(CLI11 REQUIRED)
# sgemm of the BLAS that LibTorch itself uses; Debian 13 has no unversioned link without a -dev package.
find_library(EQUIPOISE_BLAS NAMES libopenblas.so.0 openblas libblas.so.3 blas REQUIRED)

# Debian's mujoco target names include folders of packages it does not depend on; CMake refuses those that are absent.
foreach(_target mujoco::mujoco)
  get_target_property(_inc ${_target} INTERFACE_INCLUDE_DIRECTORIES)
  set(_keep "")
  foreach(_dir IN LISTS _inc)
    if(IS_DIRECTORY "${_dir}")
      list(APPEND _keep "${_dir}")
    endif()
  endforeach()
  set_target_properties(${_target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${_keep}")
endforeach()

add_library(equipoise_deps_engine INTERFACE)
target_include_directories(equipoise_deps_engine SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS} ${Boost_INCLUDE_DIRS})
target_link_libraries(equipoise_deps_engine INTERFACE ${TORCH_LIBRARIES} mujoco::mujoco nlohmann_json::nlohmann_json
  PkgConfig::TOMLPP ${EQUIPOISE_BLAS} Threads::Threads ${CMAKE_DL_LIBS})

set(OpenGL_GL_PREFERENCE GLVND)
find_package(OpenGL REQUIRED COMPONENTS OpenGL EGL)
find_package(glfw3 3.3 REQUIRED)
find_package(Freetype REQUIRED)
pkg_check_modules(IMGUI REQUIRED IMPORTED_TARGET imgui)
pkg_check_modules(FONTCONFIG REQUIRED IMPORTED_TARGET fontconfig)
find_path(STB_INCLUDE_DIR stb_image_write.h PATH_SUFFIXES stb REQUIRED)
add_library(equipoise_deps_ui INTERFACE)
target_include_directories(equipoise_deps_ui SYSTEM INTERFACE ${STB_INCLUDE_DIR})
target_link_libraries(equipoise_deps_ui INTERFACE PkgConfig::IMGUI PkgConfig::FONTCONFIG Freetype::Freetype glfw
  OpenGL::GL OpenGL::EGL)
