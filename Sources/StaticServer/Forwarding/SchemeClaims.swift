internal import StaticAssets

/// How a field other than `X-Forwarded-Proto` spells the scheme.
enum SchemeSpelling: Equatable {
  /// `on` or `off`, as `X-Forwarded-Ssl`.
  case onOff
  /// `ssl`, and anything else for HTTP, as gunicorn reads `X-Forwarded-Protocol`.
  case ssl
  /// `https` or `http`, as `X-Forwarded-Scheme`.
  case name
  /// A field of one vendor, such as `CloudFront-Forwarded-Proto`: the scheme at the vendor's edge.
  case edge

  /// Whether the app may get the field beside `X-Forwarded-Proto: <scheme>`.
  ///
  /// Servers read the general spellings by default, and gunicorn answers 400 when two fields differ.
  /// So a line stays only if it says the same, in the very bytes that servers compare with. A vendor's
  /// field is read by apps that are written for that vendor: it stays.
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

/// What the fields of a trusted peer say about the scheme that the client used.
///
/// The rule where they contradict each other, the first row that fits:
///
/// | field | counts |
/// |---|---|
/// | `X-Forwarded-Proto` | alone, whatever the others say: proxies that set one field set this |
/// | `Forwarded` with `proto` | else, alone |
/// | all others | else: https if one says https and none says http; http if one says http |
/// | none | the connection's own scheme |
///
/// Of a list the last item counts, which the nearest proxy wrote, and of the elements of `Forwarded` the
/// last one. A word that names no scheme says nothing.
struct SchemeClaims {
  private var proto: ConnectionScheme?
  private var forwarded: ConnectionScheme?
  private var others: ConnectionScheme?

  /// The scheme that they say together; nil when they say none.
  var scheme: ConnectionScheme? { proto ?? forwarded ?? others }

  /// Takes a line of `X-Forwarded-Proto`.
  mutating func addProto(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    if let last = bytes.lastItem(of: value) { proto = ConnectionScheme(bytes, last) ?? proto }
  }

  /// Takes a line of `Forwarded`: the scheme in its last element; nil when that has none.
  mutating func addForwarded(_ scheme: ConnectionScheme?) {
    forwarded = scheme
  }

  /// Takes a line of another field.
  mutating func addOther(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    guard let last = bytes.lastItem(of: value) else { return }
    guard let scheme = ConnectionScheme(bytes, last) else { return }
    others = others == .http ? .http : scheme
  }
}

extension ConnectionScheme {
  /// The scheme that a word in `range` stands for; nil when it stands for none.
  ///
  /// Some proxies name the scheme of a WebSocket, whose handshake is an HTTP request. The JSON is
  /// Cloudflare's `CF-Visitor`.
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
  /// The last item of the list in `range`; nil when there is none.
  func lastItem(of range: Range<Int>) -> Range<Int>? {
    var items = ListItems(range)
    var last: Range<Int>?
    while let item = items.next(self) { last = item }
    return last
  }

  /// Whether the bytes of `range` are those of `text`, with regard to case.
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
