// The floor of collecting: the CPU time that libbrotli and zlib themselves take to compress the
// files named on standard input, one a line, with the parameters of collectstatic's successors.
//
// Usage: codecs < LIST   prints the seconds of brotli and of gzip.

#include <brotli/encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static unsigned char *contents(const char *path, size_t *count) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) {
    perror(path);
    exit(3);
  }
  *count = (size_t)ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(*count + 1);
  if (!bytes || fread(bytes, 1, *count, file) != *count) {
    perror(path);
    exit(3);
  }
  fclose(file);
  return bytes;
}

// Quality 11, window 22; returns the compressed size in bytes.
static size_t brotli(const unsigned char *bytes, size_t count) {
  size_t capacity = BrotliEncoderMaxCompressedSize(count) + 64;
  unsigned char *output = malloc(capacity);
  if (!output || !BrotliEncoderCompress(11, 22, BROTLI_MODE_GENERIC, count, bytes, &capacity, output))
    exit(3);
  free(output);
  return capacity;
}

// Level 9.
static void gzip(const unsigned char *bytes, size_t count) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) exit(3);
  size_t capacity = deflateBound(&stream, count);
  stream.next_in = (unsigned char *)bytes;
  stream.avail_in = (unsigned)count;
  stream.next_out = malloc(capacity);
  stream.avail_out = (unsigned)capacity;
  unsigned char *output = stream.next_out;
  if (!output || deflate(&stream, Z_FINISH) != Z_STREAM_END) exit(3);
  deflateEnd(&stream);
  free(output);
}

int main(void) {
  char path[4096];
  double brotli_seconds = 0, gzip_seconds = 0;
  while (fgets(path, sizeof path, stdin)) {
    path[strcspn(path, "\n")] = 0;
    size_t count;
    unsigned char *bytes = contents(path, &count);
    double start = seconds();
    size_t compressed = brotli(bytes, count);
    double middle = seconds();
    brotli_seconds += middle - start;
    // If brotli does not help, gzip is not tried.
    if (compressed * 100 <= count * 95) {
      gzip(bytes, count);
      gzip_seconds += seconds() - middle;
    }
    free(bytes);
  }
  printf("%.6f %.6f\n", brotli_seconds, gzip_seconds);
  return 0;
}
