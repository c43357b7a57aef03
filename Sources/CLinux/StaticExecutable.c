// Differences between a static executable and one with shared libraries.
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
  // AT_BASE is set only when a dynamic loader is used.
  if (getauxval(AT_BASE) != 0) return;
  __nss_configure_lookup("hosts", "files dns");
  __nss_configure_lookup("passwd", "files");
#endif
}

// dladdr(3) for static executables; the linker substitutes it for glibc's (build-static). glibc's
// reports no file there, and the Swift runtime then reads /proc/self/exe at startup and aborts
// without /proc.
int clinux_static_dladdr(const void *address, Dl_info *info) {
  (void)address;
  memset(info, 0, sizeof *info);
  info->dli_fname = (const char *)getauxval(AT_EXECFN);
  return info->dli_fname != NULL;
}
