import Testing

/// A request with which an attacker makes a server and its app disagree, or forges fields that only
/// a proxy may set.
public struct HostileRequest: Sendable, CustomTestStringConvertible {
  /// The required result.
  public enum Outcome: Sendable, Equatable {
    /// The app is not reached; the first response has one of these statuses, 0 for none.
    case refused(Set<Int>)
    /// The app gets this many requests, none of them with forged fields.
    case forwarded(Int)
  }

  public let name: String
  public let bytes: [UInt8]
  public let outcome: Outcome
  public var testDescription: String { name }

  /// Occurs in every field value, host and hidden request that must not reach an app.
  public static let mark = "evil"

  /// A request that would be an additional one if it were hidden in another.
  static let hidden = "GET /\(mark) HTTP/1.1\r\nHost: \(mark)\r\n\r\n"

  init(_ name: String, _ text: String, _ outcome: Outcome) {
    self.name = name
    // A scalar above 0x7F stands for one byte.
    bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    self.outcome = outcome
  }

  /// A POST with these field lines, and `content` after its head.
  static func post(_ fields: String, _ content: String = "") -> String {
    "POST /page HTTP/1.1\r\nHost: test\r\n\(fields)\r\n\r\n\(content)"
  }

  /// A GET with an additional field line.
  static func get(_ field: String) -> String {
    "GET /page HTTP/1.1\r\nHost: test\r\n\(field)\r\n\r\n"
  }

  /// All requests.
  public static let all =
    lengths + codings + chunks + lines + requestLines + hosts + targets + connections + forgeries
    + contents
}
