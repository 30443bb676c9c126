# Every package the project uses, and the one place where their versions differ (with engine/base/compat.h for code).
# Debian 12 and 13 bring all of them; a newer LibTorch or MuJoCo is found through CMAKE_PREFIX_PATH.
find_package(Threads REQUIRED)
find_package(Torch REQUIRED)
find_package(mujoco REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)           # logs of a gigabyte
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)  # sums over them; header only
find_package(PkgConfig REQUIRED)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)  # CRC-32 of checkpoints and logs
pkg_check_modules(MUPARSER REQUIRED IMPORTED_TARGET muparser)    # formulas in task files
pkg_check_modules(TINYXML2 REQUIRED IMPORTED_TARGET tinyxml2)    # which files a model is made of
pkg_check_modules(HDF5 REQUIRED hdf5-serial)    # recorded episodes for other programs
find_package(Boost REQUIRED CONFIG)       # headers only: CRC, Student t
find_package(CLI11 REQUIRED)
# sgemm. The library brings CMake files of its own, but they name OpenCL, which nothing here uses.
find_path(DNNL_INCLUDE_DIR oneapi/dnnl/dnnl.h REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
# Small matrix products. It makes machine code for x86-64; elsewhere oneDNN does them too.
set(LIBXSMM_LIBRARIES "")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64|AMD64")
  find_path(LIBXSMM_INCLUDE_DIR libxsmm.h REQUIRED)
  find_library(LIBXSMM_LIBRARY xsmm REQUIRED)
  find_library(LIBXSMM_NOBLAS_LIBRARY xsmmnoblas REQUIRED)  # in place of a BLAS, which none of our products falls back on
  set(LIBXSMM_LIBRARIES ${LIBXSMM_LIBRARY} ${LIBXSMM_NOBLAS_LIBRARY})
endif()

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
if(LIBXSMM_LIBRARIES)
  # Not for others: LibTorch would take the empty BLAS for its own.
  target_link_options(equipoise_deps_engine INTERFACE "-Wl,--exclude-libs,libxsmm.a:libxsmmnoblas.a")
endif()
target_include_directories(equipoise_deps_engine SYSTEM INTERFACE ${DNNL_INCLUDE_DIR} ${XXHASH_INCLUDE_DIR} ${Boost_INCLUDE_DIRS})
target_link_libraries(equipoise_deps_engine INTERFACE mujoco::mujoco nlohmann_json::nlohmann_json simdjson::simdjson
  PkgConfig::TOMLPP PkgConfig::DEFLATE PkgConfig::MUPARSER PkgConfig::TINYXML2 ${HDF5_LINK_LIBRARIES} ${LIBXSMM_LIBRARIES} ${DNNL_LIBRARY}
  Threads::Threads ${CMAKE_DL_LIBS})

add_library(equipoise_deps_reference INTERFACE)
target_include_directories(equipoise_deps_reference SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
# Newer versions are written in C++20 (ours keeps to C++17).
foreach(_dir IN LISTS TORCH_INCLUDE_DIRS)
  if(EXISTS "${_dir}/ATen/ATen.h")
    file(STRINGS "${_dir}/ATen/ATen.h" _cxx20 REGEX "error.*C\\+\\+20")
    if(_cxx20)
      target_compile_features(equipoise_deps_reference INTERFACE cxx_std_20)
      # GCC 12 takes C++20's short strings for ones that are written beyond their end.
      if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(equipoise_deps_reference INTERFACE -Wno-error=array-bounds -Wno-error=restrict
          -Wno-error=stringop-overflow -Wno-error=stringop-overread)
      endif()
    endif()
  endif()
endforeach()
# The C++ library first: LibTorch as PyTorch's wheels bring it exports parts of std::filesystem of its own, half of them
# missing, and whoever is named first is taken.
target_link_libraries(equipoise_deps_reference INTERFACE
  "-Wl,--push-state,--no-as-needed,-lstdc++,--pop-state" ${TORCH_LIBRARIES})

if(NOT EQUIPOISE_UI)
  return()
endif()
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
