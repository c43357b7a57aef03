internal import Glibc

/// Flags to open files with, for callers that do not import the system's names.
package enum FileFlags {
  /// Read a file; a FIFO does not block.
  package static let read = O_RDONLY | O_NONBLOCK
  /// Open a directory to list it or to name files below it.
  package static let directory = O_RDONLY | O_DIRECTORY
  /// Write a file that must not exist yet.
  package static let create = O_WRONLY | O_CREAT | O_EXCL
}
