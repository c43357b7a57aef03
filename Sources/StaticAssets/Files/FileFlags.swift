#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Flags of openat(2), for callers that do not import Glibc.
package enum FileFlags {
  /// Open a file for reading; O_NONBLOCK keeps a FIFO from blocking.
  package static let read = O_RDONLY | O_NONBLOCK
  /// Open a directory to list it or to open files relative to it.
  package static let directory = O_RDONLY | O_DIRECTORY
  /// Create a file for writing; fails if it exists.
  package static let create = O_WRONLY | O_CREAT | O_EXCL
}
