/// Where and how answered requests are logged.
public struct AccessLog: Sendable {
  /// The form of a line.
  public enum Format: String, Sendable, CaseIterable {
    /// One JSON object a line, with a request id.
    case json
    /// The Combined Log Format of Apache, which nginx writes by default.
    case combined
  }

  /// The form of each line.
  public var format: Format
  /// An open descriptor that lines are written to; it stays the caller's, and open while the
  /// server runs.
  public var descriptor: Int32

  /// A log of lines of `format` to `descriptor`.
  public init(format: Format, descriptor: Int32) {
    precondition(descriptor >= 0)
    self.format = format
    self.descriptor = descriptor
  }
}
