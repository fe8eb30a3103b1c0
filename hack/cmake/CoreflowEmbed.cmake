# coreflow_embed(SOURCE HEADER NAMESPACE FUNCTION [AS_JSON] FILES …)
#
# Makes SOURCE, in the binary folder, from FILES with hack/embed.py.
function(coreflow_embed source header namespace function)
  cmake_parse_arguments(E "AS_JSON" "" "FILES" ${ARGN})
  set(how)
  if(E_AS_JSON)
    set(how --json)
  endif()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${source})
  # By the interpreter's name: a copy of the tree need not keep the file's mode.
  add_custom_command(
    OUTPUT ${out}
    COMMAND python3 ${CMAKE_SOURCE_DIR}/hack/embed.py ${how} ${out} ${header} ${namespace} ${function} ${E_FILES}
    DEPENDS ${CMAKE_SOURCE_DIR}/hack/embed.py ${E_FILES}
    VERBATIM)
endfunction()
