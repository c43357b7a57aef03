/// The format and the destination of the access log.
public struct AccessLog: Sendable {
  /// The format of a line.
  public enum Format: String, Sendable, CaseIterable {
    /// One JSON object per line, with a request identifier.
    case json
    /// The Combined Log Format of Apache, the default of nginx.
    case combined
  }

  /// The format of each line.
  public var format: Format
  /// The open descriptor that lines are written to.
  ///
  /// The caller owns it and must keep it open until the server has stopped.
  public var descriptor: Int32

  /// A log in `format`, written to `descriptor`, which must not be negative.
  public init(format: Format, descriptor: Int32) {
    precondition(descriptor >= 0)
    self.format = format
    self.descriptor = descriptor
  }
}
