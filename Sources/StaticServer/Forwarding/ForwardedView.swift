internal import StaticAssets

/// How a request reached us.
enum ConnectionScheme: Equatable {
  case http
  case https

  var name: StaticString { self == .https ? "https" : "http" }

  /// The port that a URL without one means.
  var defaultPort: Int64 { self == .https ? 443 : 80 }
}

/// Who is behind a request, as far as the peer may be believed.
///
/// Read in one pass over the fields, before any is forwarded: a later line may change what an
/// earlier one means.
struct ForwardedView {
  /// The most bytes of an identifier that is taken from a proxy.
  static let identifierBytesMax = 200

  /// Whom the connection is with.
  let peer: PeerAddress
  /// What the connection is.
  let connectionScheme: ConnectionScheme
  /// What the client used.
  private(set) var scheme: ConnectionScheme
  /// The client's address, as that of the last peer that is no trusted proxy.
  private(set) var client: PeerAddress
  /// What the peer is believed.
  let believed: BelievedClaims
  /// The host that a trusted proxy was asked for; empty when it is `Host`.
  private(set) var host = ByteSlice.none
  /// The port that a trusted proxy was asked at; empty when nothing is said.
  private(set) var port = ByteSlice.none
  /// The identifier that a trusted proxy gave; empty when it gave none that is sane.
  private(set) var requestID = ByteSlice.none
  /// When a trusted proxy got the request, as it wrote that; empty when nothing sane is said.
  private(set) var requestStart = ByteSlice.none
  /// The fields that `Connection` names.
  private(set) var connectionOptions = ConnectionOptions()
  /// Whether a trusted proxy told the scheme.
  private(set) var isSchemeTold = false

  private var realIP: PeerAddress?
  private var hasForwardedFor = false
  /// The client as far as the addresses up to here tell.
  private var candidate: PeerAddress?

  /// Reads the fields of `head` that came from `peer` over a connection of `scheme`.
  init(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    peer: PeerAddress,
    scheme: ConnectionScheme,
    trust: ForwardingTrust
  ) {
    self.peer = peer
    connectionScheme = scheme
    self.scheme = scheme
    client = peer
    believed = trust.believed(of: peer)
    // What the platform's router tells of the client in a field of its own.
    var named: PeerAddress?
    var cursor = FieldCursor(head.fieldLines)
    while let line = cursor.next(bytes) {
      switch bytes.forwardedFieldKind(line.name) {
      case .connection: connectionOptions.add(bytes, line.value)
      case .claim where trust.names(line.name, bytes):
        named = PeerAddress(forwarded: bytes, line.value) ?? named
      case .claim(let claim) where believed.contains(BelievedClaims(claim)):
        note(claim, bytes, line.value, trust)
      case .ordinary, .connectionSpecific, .ambiguous, .claim: break
      }
    }
    if let named {
      client = named
    } else if hasForwardedFor {
      client = candidate ?? peer
    } else if let realIP {
      client = realIP
    }
  }

  private mutating func note(
    _ claim: ProxyClaim,
    _ bytes: Span<UInt8>,
    _ value: Range<Int>,
    _ trust: ForwardingTrust
  ) {
    switch claim {
    case .forwardedFor: noteForwardedFor(bytes, value, trust)
    case .forwardedProto: noteProto(bytes, value)
    case .forwardedHost:
      if let last = Self.last(bytes, value), Self.isHost(bytes, last) { host = ByteSlice(last) }
    case .forwardedPort:
      if let last = Self.last(bytes, value), Self.isPort(bytes, last) { port = ByteSlice(last) }
    case .realIP: realIP = PeerAddress(forwarded: bytes, value) ?? realIP
    case .requestID: if Self.isIdentifier(bytes, value) { requestID = ByteSlice(value) }
    case .requestStart: if Self.isTime(bytes, value) { requestStart = ByteSlice(value) }
    case .forwarded, .other: break
    }
  }

  /// Takes one more line of addresses, the nearest peer's last.
  private mutating func noteForwardedFor(
    _ bytes: Span<UInt8>,
    _ value: Range<Int>,
    _ trust: ForwardingTrust
  ) {
    hasForwardedFor = true
    var cursor = ListItems(value)
    while let element = cursor.next(bytes) {
      guard let address = PeerAddress(forwarded: bytes, element) else {
        // What stands before `unknown` is not known to be a proxy's word.
        candidate = nil
        continue
      }
      // The last that is no proxy counts; of proxies alone, the farthest.
      if candidate == nil || !trust.isProxy(address) { candidate = address }
    }
  }

  /// The nearest proxy's word counts, which is the last: before it may stand what the client sent.
  private mutating func noteProto(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    guard let last = Self.last(bytes, value) else { return }
    // Some name the scheme of a WebSocket, whose handshake is an HTTP request all the same.
    if bytes.isName("https", last) || bytes.isName("wss", last) {
      scheme = .https
    } else if bytes.isName("http", last) || bytes.isName("ws", last) {
      scheme = .http
    } else {
      return
    }
    isSchemeTold = true
  }

  private static func last(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Range<Int>? {
    var cursor = ListItems(value)
    var last: Range<Int>?
    while let element = cursor.next(bytes) { last = element }
    return last
  }

  private static func isHost(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "_"):
        continue
      default: guard byte.isAlphanumeric else { return false }
      }
    }
    return true
  }

  private static func isPort(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count <= 5 else { return false }
    for index in range where !bytes[index].isDigit { return false }
    return true
  }

  /// Characters that no log and no file name minds.
  private static func isIdentifier(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (1...identifierBytesMax).contains(range.count) else { return false }
    for index in range where !bytes[index].isAlphanumeric {
      switch bytes[index] {
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"),
        UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "~"):
        continue
      default: return false
      }
    }
    return true
  }

  /// A number, with a fraction or without, after `t=` or not: seconds to microseconds since 1970.
  private static func isTime(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var digits = range
    if bytes.hasName("t", in: range), range.count > 2, bytes[range.lowerBound + 1] == 0x3D {
      digits = range.lowerBound + 2..<range.upperBound
    }
    guard (1...24).contains(digits.count) else { return false }
    var points = 0
    for index in digits where !bytes[index].isDigit {
      guard bytes[index] == UInt8(ascii: "."), index > digits.lowerBound else { return false }
      points += 1
    }
    return points <= 1
  }
}

extension ByteSlice {
  /// The bytes of `range`.
  init(_ range: Range<Int>) {
    self.init(offset: range.lowerBound, count: range.count)
  }
}
