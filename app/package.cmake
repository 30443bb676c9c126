# What is installed, and the Debian packages that cpack makes of it: equipoise, and equipoise-torch beside it for
# run.device = "cuda" and policies as TorchScript, since LibTorch is a gigabyte. tests/package.sh tries them.
include(GNUInstallDirs)
set(EQUIPOISE_MANUAL ${CMAKE_BINARY_DIR}/manual)
add_custom_command(TARGET equipoise POST_BUILD
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${EQUIPOISE_MANUAL}
  COMMAND equipoise manual --all ${EQUIPOISE_MANUAL}
  COMMAND sh -c "gzip -9n ${EQUIPOISE_MANUAL}/*.1"
  COMMENT "manual pages and completions, from the help")

install(TARGETS equipoise RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT equipoise)
install(TARGETS equipoise-torch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT torch)
install(DIRECTORY assets DESTINATION ${CMAKE_INSTALL_DATADIR}/equipoise COMPONENT equipoise
  PATTERN readme EXCLUDE PATTERN results EXCLUDE PATTERN desktop EXCLUDE)
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/equipoise COMPONENT equipoise)
install(DIRECTORY ${EQUIPOISE_MANUAL}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT equipoise FILES_MATCHING PATTERN "*.1.gz")
install(FILES ${EQUIPOISE_MANUAL}/equipoise.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  COMPONENT equipoise RENAME equipoise)
install(FILES ${EQUIPOISE_MANUAL}/_equipoise DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT equipoise)
install(FILES assets/desktop/equipoise.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT equipoise)
install(FILES assets/desktop/equipoise.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps COMPONENT equipoise)
foreach(_component equipoise torch)
  string(REPLACE "equipoise-equipoise" "equipoise" _package "equipoise-${_component}")
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${_package} COMPONENT ${_component} RENAME copyright)
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL equipoise torch)
set(CPACK_PACKAGE_VENDOR Equipoise)
set(CPACK_PACKAGE_CONTACT "The Equipoise authors <equipoise@localhost>")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_EQUIPOISE_PACKAGE_NAME equipoise)
set(CPACK_DEBIAN_EQUIPOISE_DESCRIPTION "watch, question and steer reinforcement learning while it happens
A model-based and a model-free learner share one buffer of real experience, and
before every episode a check decides, in the open, which of the two may act;
around it stand the agents of the literature. With a window and without.")
set(CPACK_DEBIAN_EQUIPOISE_PACKAGE_DEPENDS
  "libgl1, libgl1-mesa-dri | libgl1-nvidia-glvnd-glx, fonts-inter, fonts-jetbrains-mono, fonts-font-awesome, fonts-dejavu-core")
set(CPACK_DEBIAN_EQUIPOISE_PACKAGE_RECOMMENDS ffmpeg)
set(CPACK_DEBIAN_EQUIPOISE_PACKAGE_SUGGESTS "equipoise-torch, slurm-client, openssh-client, rsync")
set(CPACK_DEBIAN_TORCH_PACKAGE_NAME equipoise-torch)
set(CPACK_DEBIAN_TORCH_DESCRIPTION "Equipoise with LibTorch inside
For run.device = cuda and reference, and for policies as TorchScript files.")
set(CPACK_DEBIAN_TORCH_PACKAGE_DEPENDS "equipoise (= ${PROJECT_VERSION})")
include(CPack)
