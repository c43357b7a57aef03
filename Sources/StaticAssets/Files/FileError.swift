#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A failed system call on a file or directory.
///
/// Thrown while files are read and written, never while requests are answered.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The operation, a verb such as `open`, `read` or `write`.
  package let operation: String
  /// The path as the caller gave it.
  public let path: String
  /// The error number of errno(3); positive.
  public let code: Int32

  /// A failure of `operation` on `path` with the error number `code`.
  package init(operation: String, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// One line, for example `cannot open 'a/b.css': Permission denied`.
  public var description: String { "cannot \(operation) '\(path)': \(Self.text(of: code))" }

  /// Whether the file is not the one that a table was built with.
  package var isOfChangedFile: Bool { code == ESTALE }

  /// The system's text for an error number. strerror(3)
  package static func text(of code: Int32) -> String {
    // For known numbers strerror(3) of glibc returns a constant string and is thread-safe.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}

/// An error number without a path, for callers that know the path.
struct ErrorNumber: Error {
  /// The error number of errno(3); positive.
  let code: Int32
}
