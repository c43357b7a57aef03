internal import StaticAssets

/// The end of a response head, which depends on the connection.
enum HeadSuffix: Int, CaseIterable {
  /// HTTP/1.1, and the connection stays open.
  case keepAlive
  /// HTTP/1.0, and the connection stays open, which requires `Connection: keep-alive`.
  case keepAliveVersion10
  /// The connection is closed after this response.
  case close
  /// The same three for a request that came over HTTPS, with `Strict-Transport-Security`.
  case secureKeepAlive
  case secureKeepAliveVersion10
  case secureClose

  /// The same for a request that came over HTTPS.
  var secured: HeadSuffix {
    switch self {
    case .keepAlive, .secureKeepAlive: .secureKeepAlive
    case .keepAliveVersion10, .secureKeepAliveVersion10: .secureKeepAliveVersion10
    case .close, .secureClose: .secureClose
    }
  }

  fileprivate var isSecure: Bool { self == secured }

  /// The `Connection` line; empty for none.
  var connectionField: StaticString {
    switch self {
    case .keepAlive, .secureKeepAlive: ""
    case .keepAliveVersion10, .secureKeepAliveVersion10: "Connection: keep-alive\r\n"
    case .close, .secureClose: "Connection: close\r\n"
    }
  }
}

/// `Date`, `Connection`, `Strict-Transport-Security` and the empty line, formatted once per second.
///
/// Source: RFC 9110 §6.6.1. The unsafe part: `start` points to six rows of `rowByteCount` bytes,
/// the first `counts[row]` of which are initialised.
@safe struct HeadSuffixes: ~Copyable {
  private static let rowByteCount = 208

  private let start: UnsafeMutableRawPointer
  private var counts: [6 of Int] = [0, 0, 0, 0, 0, 0]
  private var seconds = Int64.min
  /// The `Strict-Transport-Security` line; empty for none.
  private var strictTransport: [UInt8]

  /// Suffixes without a date.
  ///
  /// - Parameter strictTransport: the policy for responses over HTTPS; nil for none.
  init(_ strictTransport: StrictTransport? = nil) {
    self.strictTransport = Array((strictTransport?.fieldLine ?? "").utf8)
    unsafe start = .allocate(
      byteCount: Self.rowByteCount * HeadSuffix.allCases.count,
      alignment: 16
    )
  }

  /// Changes the policy for responses over HTTPS.
  mutating func change(_ strictTransport: StrictTransport?) {
    self.strictTransport = Array((strictTransport?.fieldLine ?? "").utf8)
    if seconds != .min { rewrite(seconds) }
  }

  deinit {
    unsafe start.deallocate()
  }

  /// Sets `Date` to `seconds` since 1970.
  @inline(always)
  mutating func update(_ seconds: Int64) {
    if seconds != self.seconds { rewrite(seconds) }
  }

  /// The bytes of `suffix`, valid until the next `update`.
  @inline(always)
  func bytes(of suffix: HeadSuffix) -> (start: UnsafeRawPointer, count: Int) {
    let row = suffix.rawValue
    return unsafe (UnsafeRawPointer(start + row &* Self.rowByteCount), counts[row])
  }

  @inline(never)
  private mutating func rewrite(_ seconds: Int64) {
    self.seconds = seconds
    let date = HTTPDate.format(seconds)
    for suffix in HeadSuffix.allCases {
      var text = Array("Date: ".utf8)
      for index in date.indices { text.append(date[index]) }
      text += Array("\r\n\(suffix.connectionField)".utf8)
      if suffix.isSecure { text += strictTransport }
      text += Array("\r\n".utf8)
      precondition(text.count <= Self.rowByteCount)
      let row = unsafe start + suffix.rawValue * Self.rowByteCount
      unsafe text.withUnsafeBytes { bytes in
        if let source = bytes.baseAddress {
          unsafe row.copyMemory(from: source, byteCount: bytes.count)
        }
      }
      counts[suffix.rawValue] = text.count
    }
  }
}
