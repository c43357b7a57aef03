internal import Glibc

/// An operation on a file or directory that the system refused.
///
/// Thrown where files are read and written, never while requests are answered.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was tried, as a verb: `open`, `read`, `write`.
  public let operation: String
  /// The file or directory, as it was named.
  public let path: String
  /// The error number; positive, as in errno(3).
  public let code: Int32

  /// An operation on `path` that failed with `code`.
  public init(operation: String, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// One line: `cannot open 'a/b.css': Permission denied`.
  public var description: String { "cannot \(operation) '\(path)': \(Self.text(of: code))" }

  /// The system's text for an error number.
  public static func text(of code: Int32) -> String {
    // strerror(3) never returns null; glibc's is thread-safe for known numbers.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}

/// Why the system refused, for callers that know better what the file is called.
struct ErrorNumber: Error {
  /// Positive, as in errno(3).
  let code: Int32
}
