#include <zlib.h>

/// deflateInit2 is a macro, which Swift does not import.
static inline int czlib_deflate_init2(z_stream *stream, int level, int window_bits,
                                      int memory_level, int strategy) {
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, memory_level, strategy);
}

/// inflateInit2 is a macro, which Swift does not import.
static inline int czlib_inflate_init2(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}
