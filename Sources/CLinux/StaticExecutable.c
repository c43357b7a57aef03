// What a static executable has to do in another way than one with shared libraries.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <sys/auxv.h>
#ifdef __GLIBC__
#include <nss.h>
#endif

#include "CLinux.h"

void clinux_confine_lookups(void) {
#ifdef __GLIBC__
  // Only the dynamic loader has a base address.
  if (getauxval(AT_BASE) != 0) return;
  __nss_configure_lookup("hosts", "files dns");
  __nss_configure_lookup("passwd", "files");
#endif
}

// dladdr(3) for static executables, which the linker puts in the place of glibc's (build-static): that knows
// no file, whereupon the Swift runtime reads /proc/self/exe at its start, and ends where there is no /proc.
int clinux_static_dladdr(const void *address, Dl_info *info) {
  (void)address;
  memset(info, 0, sizeof *info);
  info->dli_fname = (const char *)getauxval(AT_EXECFN);
  return info->dli_fname != NULL;
}
