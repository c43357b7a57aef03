internal import StaticAssets

/// The notation of the scheme in a field other than `X-Forwarded-Proto`.
enum SchemeSpelling: Equatable {
  /// `on` or `off`, as in `X-Forwarded-Ssl`.
  case onOff
  /// `ssl` for HTTPS, anything else for HTTP, as gunicorn reads `X-Forwarded-Protocol`.
  case ssl
  /// `https` or `http`, as in `X-Forwarded-Scheme`.
  case name
  /// The scheme at a vendor's edge, as in `CloudFront-Forwarded-Proto`.
  case edge

  /// Whether the app may get the field in addition to `X-Forwarded-Proto: <scheme>`.
  ///
  /// By default, servers read the general fields, and gunicorn answers 400 if two of them differ.
  /// So a general field is forwarded only if its value means `scheme` in exactly the bytes that
  /// servers compare. A vendor's field is forwarded: only apps that are written for the vendor read
  /// it.
  func maySay(_ scheme: ConnectionScheme, _ bytes: Span<UInt8>, _ value: Range<Int>) -> Bool {
    let isSecure = scheme == .https
    return switch self {
    case .onOff: bytes.isExactly(isSecure ? "on" : "off", value)
    case .ssl: bytes.isExactly(isSecure ? "ssl" : "http", value)
    case .name: bytes.isExactly(isSecure ? "https" : "http", value)
    case .edge: true
    }
  }
}

/// The scheme that the client used, according to a trusted peer's fields.
///
/// If they contradict each other, the first row that is present applies:
///
/// | field | result |
/// |---|---|
/// | `X-Forwarded-Proto` | its value only: a proxy that sets one field sets this one |
/// | `Forwarded` with `proto` | its value only |
/// | all others | http if one has http, else https if one has https |
/// | none | the scheme of the connection |
///
/// In a list, the last item applies, because the nearest proxy wrote it; likewise the last element
/// of `Forwarded`. A word that is not a scheme is ignored.
struct SchemeClaims {
  private var proto: ConnectionScheme?
  private var forwarded: ConnectionScheme?
  private var others: ConnectionScheme?

  /// The scheme by the rule above; nil if no field reports it.
  var scheme: ConnectionScheme? { proto ?? forwarded ?? others }

  /// Adds a line of `X-Forwarded-Proto`.
  mutating func addProto(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    if let last = bytes.lastItem(of: value) { proto = ConnectionScheme(bytes, last) ?? proto }
  }

  /// Adds the scheme in the last element of a `Forwarded` line; nil if that has none.
  mutating func addForwarded(_ scheme: ConnectionScheme?) {
    forwarded = scheme
  }

  /// Adds a line of another field.
  mutating func addOther(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    guard let last = bytes.lastItem(of: value) else { return }
    guard let scheme = ConnectionScheme(bytes, last) else { return }
    others = others == .http ? .http : scheme
  }
}

extension ConnectionScheme {
  /// The scheme that the word in `range` means; nil if it is none.
  ///
  /// Some proxies write the scheme of a WebSocket, whose handshake is an HTTP request. The JSON
  /// value is that of Cloudflare's `CF-Visitor`.
  init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let isSecure = Self.secure.contains { bytes.isName($0, range) }
    guard isSecure || Self.plain.contains(where: { bytes.isName($0, range) }) else { return nil }
    self = isSecure ? .https : .http
  }

  private static let secure: [StaticString] = [
    "https", "on", "ssl", "wss", "1", "true", "yes", "{\"scheme\":\"https\"}",
  ]
  private static let plain: [StaticString] = [
    "http", "off", "ws", "0", "false", "no", "{\"scheme\":\"http\"}",
  ]
}

extension Span<UInt8> {
  /// The last item of the list in `range`; nil if the list is empty.
  func lastItem(of range: Range<Int>) -> Range<Int>? {
    var items = ListItems(range)
    var last: Range<Int>?
    while let item = items.next(self) { last = item }
    return last
  }

  /// Whether the bytes of `range` equal `text`, case-sensitively.
  fileprivate func isExactly(_ text: StaticString, _ range: Range<Int>) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    for index in 0..<range.count {
      // `index` is below the literal's count.
      let expected = unsafe text.utf8Start[index]
      if self[range.lowerBound &+ index] != expected { return false }
    }
    return true
  }
}
