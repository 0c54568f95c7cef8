# What `cmake --install` and `cpack -G DEB` put where; the result of the latter is tried by
# tests/packaging. Build the release preset first: cpack takes whatever was built.
include(GNUInstallDirs)
set(deploy ${PROJECT_SOURCE_DIR}/deploy)
set(made ${PROJECT_BINARY_DIR}/package)

# Examples as they are to lie in /etc/beta-sidecar: the policies beside them, the schemas in /usr.
foreach(name IN ITEMS sidecar services)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS config/${name}.yaml)
  file(READ config/${name}.yaml text)
  string(REPLACE "../acl/" "acl/" text "${text}")
  string(REPLACE "../schemas/" "/usr/share/beta-sidecar/schemas/" text "${text}")
  file(CONFIGURE OUTPUT ${made}/${name}.yaml.example CONTENT "${text}" @ONLY)
  install(FILES ${made}/${name}.yaml.example DESTINATION /etc/beta-sidecar)
endforeach()
set(policies acl/ops.yaml acl/chain.yaml acl/wallet.yaml acl/invariants.yaml)
install(FILES ${policies} DESTINATION /etc/beta-sidecar/acl)
set(conffiles /etc/beta-sidecar/sidecar.yaml.example /etc/beta-sidecar/services.yaml.example)
foreach(policy IN LISTS policies)
  list(APPEND conffiles /etc/beta-sidecar/${policy})
endforeach()
list(JOIN conffiles "\n" conffiles)
file(CONFIGURE OUTPUT ${made}/conffiles CONTENT "${conffiles}\n" @ONLY)

install(TARGETS beta-sidecar RUNTIME DESTINATION bin)
install(FILES ${deploy}/systemd/beta-sidecar.service DESTINATION /lib/systemd/system)
install(FILES ${deploy}/systemd/beta-sidecar.sysusers.conf
        DESTINATION lib/sysusers.d RENAME beta-sidecar.conf)
file(GLOB schemas CONFIGURE_DEPENDS schemas/*.json)
install(FILES ${schemas} DESTINATION share/beta-sidecar/schemas)
file(GLOB documents CONFIGURE_DEPENDS docs/*.md)
install(FILES README.md SECURITY.md ARCHITECTURE.md ${documents}
              ${deploy}/debian/copyright ${deploy}/systemd/managed-tor.conf
        DESTINATION share/doc/beta-sidecar)
install(FILES ${deploy}/debian/lintian-overrides
        DESTINATION share/lintian/overrides RENAME beta-sidecar)
install(FILES acl/README.md DESTINATION share/doc/beta-sidecar/acl)

# Debian wants these packed; -n leaves out the time, so that the same tree gives the same package.
function(install_packed source folder name)
  add_custom_command(OUTPUT ${made}/${name}.gz COMMENT "packing ${name}" VERBATIM
    COMMAND sh -c "gzip -9nc \"$1\" > \"$2\"" sh ${source} ${made}/${name}.gz DEPENDS ${source})
  install(FILES ${made}/${name}.gz DESTINATION ${folder})
  set(packed ${packed} ${made}/${name}.gz PARENT_SCOPE)
endfunction()
install_packed(${PROJECT_SOURCE_DIR}/CHANGELOG.md share/doc/beta-sidecar changelog)
install_packed(${deploy}/debian/changelog share/doc/beta-sidecar changelog.Debian)
install_packed(${deploy}/debian/beta-sidecar.8 share/man/man8 beta-sidecar.8)
add_custom_target(package_texts ALL DEPENDS ${packed})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)  # some files go to /etc and /lib
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_NAME beta-sidecar)
set(CPACK_PACKAGE_CONTACT "The authors of Beta sidecar <beta-sidecar@example.org>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "carries the calls of one service over Tor, under a policy")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Stands beside one service of a Tor-only system: decides each of its calls by
an ACL, resolves names to onion services, and carries requests over Tor to the
sidecar of the service they are meant for. Nothing starts without a
configuration in /etc/beta-sidecar.")
# Names of libraries as dpkg-shlibdeps finds them; systemd-sysusers makes the user.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "tor")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${deploy}/debian/postinst ${deploy}/debian/prerm
    ${deploy}/debian/postrm ${made}/conffiles)
include(CPack)
