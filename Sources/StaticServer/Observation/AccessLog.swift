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

  /// The syslog daemon that `descriptor`, a socket, is connected to; nil for a file or a pipe.
  package var syslog: UpstreamAddress?

  /// Receives the error number when lines cannot be written, on the writer's thread.
  ///
  /// Not called again before writing has succeeded for a minute.
  package var onFailure: (@Sendable (Int32) -> Void)?

  /// A log in `format`, written to `descriptor`; a server refuses a negative one.
  public init(format: Format, descriptor: Int32) {
    self.format = format
    self.descriptor = descriptor
  }

  /// A socket that is connected to the syslog daemon at `address`, or a negative error number.
  package static func socket(toSyslogAt address: UpstreamAddress) -> Int {
    SyslogDatagram.socket(to: address)
  }
}
