internal import StaticAssets

/// The scheme of a request or connection.
enum ConnectionScheme: Equatable {
  case http
  case https

  var name: StaticString { self == .https ? "https" : "http" }

  /// The port of a URL without one.
  var defaultPort: Int64 { self == .https ? 443 : 80 }
}

/// The client, scheme, host and port of a request, as far as its peer is trusted.
///
/// All fields are read before any is forwarded, because a later line can change the meaning of an
/// earlier one.
struct ForwardedView {
  /// The limit of an identifier from a proxy, in bytes.
  static let identifierBytesMax = 200

  /// The peer of the connection.
  let peer: PeerAddress
  /// The scheme of the connection.
  let connectionScheme: ConnectionScheme
  /// The scheme that the client used.
  private(set) var scheme: ConnectionScheme
  /// The client's address, as `ClientIdentity` determines it.
  private(set) var client: PeerAddress
  /// The fields for which the peer is trusted.
  let believed: BelievedClaims
  /// The host that a trusted proxy reports; empty if `Host` applies.
  private(set) var host = ByteSlice.none
  /// The port that a trusted proxy reports; empty if there is none.
  private(set) var port = ByteSlice.none
  /// The identifier that a trusted proxy sent; empty if there is no valid one.
  private(set) var requestID = ByteSlice.none
  /// The time when a trusted proxy received the request, as the proxy wrote it; empty if there is
  /// no valid time.
  private(set) var requestStart = ByteSlice.none
  /// Whether a trusted proxy sent `Forwarded`.
  private(set) var hasForwarded = false
  /// Whether a line of it is malformed: then no line is forwarded, because it could absorb the
  /// elements after it.
  private(set) var isForwardedMalformed = false
  /// The connection options of the request.
  private(set) var connectionOptions = ConnectionOptions()
  /// The intermediaries in `Via`.
  private(set) var via = ViaList()
  /// Whether a peer that is not trusted for it reported the client's address, scheme or host.
  private(set) var ignoresClaims = false
  /// Whether a trusted proxy reported the scheme.
  private(set) var isSchemeTold = false

  /// The host in the last element of `Forwarded`.
  private var forwardedHost = ByteSlice.none
  private var identity = ClientIdentity()
  private var schemes = SchemeClaims()

  /// Reads the fields of `head`, received from `peer` over a connection of `scheme`.
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
    var cursor = FieldCursor(head.fieldLines)
    while let line = cursor.next(bytes) {
      switch bytes.forwardedFieldKind(line.name) {
      case .connection: connectionOptions.add(bytes, line.value)
      case .via: via.add(bytes, line.value)
      case .claim where trust.names(line.name, bytes):
        identity.platform = PeerAddress(forwarded: bytes, line.value) ?? identity.platform
      case .claim(let claim) where believed.contains(BelievedClaims(claim)):
        note(claim, bytes, line.value, trust)
      case .claim(.forwardedProto), .claim(.forwarded), .claim(.scheme), .claim(.forwardedFor),
        .claim(.forwardedHost), .claim(.realIP):
        ignoresClaims = true
      case .ordinary, .connectionSpecific, .ambiguous, .claim: break
      }
    }
    client = identity.address(peer: peer)
    if host.isEmpty { host = forwardedHost }
    if let told = schemes.scheme {
      self.scheme = told
      isSchemeTold = true
    }
  }

  private mutating func note(
    _ claim: ProxyClaim,
    _ bytes: Span<UInt8>,
    _ value: Range<Int>,
    _ trust: ForwardingTrust
  ) {
    switch claim {
    case .forwardedFor:
      var items = ListItems(value)
      while let item = items.next(bytes) {
        identity.addForwardedFor(PeerAddress(forwarded: bytes, item), trust)
      }
    case .forwardedProto: schemes.addProto(bytes, value)
    case .forwardedHost:
      if let last = bytes.lastItem(of: value), bytes.isHost(last) { host = ByteSlice(last) }
    case .forwardedPort:
      if let last = bytes.lastItem(of: value), bytes.isPort(last) { port = ByteSlice(last) }
    case .forwarded: noteForwarded(bytes, value, trust)
    case .realIP: identity.realIP = PeerAddress(forwarded: bytes, value) ?? identity.realIP
    case .requestID: if bytes.isIdentifier(value) { requestID = ByteSlice(value) }
    case .requestStart: if bytes.isTime(value) { requestStart = ByteSlice(value) }
    case .scheme: schemes.addOther(bytes, value)
    case .other: break
    }
  }

  private mutating func noteForwarded(
    _ bytes: Span<UInt8>,
    _ value: Range<Int>,
    _ trust: ForwardingTrust
  ) {
    var elements = ForwardedElements(value)
    var last = ForwardedElement()
    hasForwarded = hasForwarded || !value.isEmpty
    while let element = elements.next(bytes) {
      identity.addForwarded(element.node.flatMap { PeerAddress(forwarded: bytes, $0) }, trust)
      last = element
    }
    if elements.isMalformed {
      isForwardedMalformed = true
      last = ForwardedElement()
      identity.addForwarded(nil, trust)
    }
    schemes.addForwarded(last.scheme.flatMap { ConnectionScheme(bytes, $0) })
    let host = last.host.flatMap { bytes.isHost($0) ? ByteSlice($0) : nil }
    forwardedHost = host ?? .none
  }
}

/// Validation of values from a trusted proxy.
extension Span<UInt8> {
  fileprivate func isHost(_ range: Range<Int>) -> Bool {
    for index in range {
      switch self[index] {
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "_"):
        continue
      default: guard self[index].isAlphanumeric else { return false }
      }
    }
    return true
  }

  fileprivate func isPort(_ range: Range<Int>) -> Bool {
    guard range.count <= 5 else { return false }
    var number = 0
    for index in range {
      guard self[index].isDigit else { return false }
      number = number * 10 + Int(self[index] &- UInt8(ascii: "0"))
    }
    return number <= 65535
  }

  /// Whether it consists of characters that need no escaping in a log or a file name.
  fileprivate func isIdentifier(_ range: Range<Int>) -> Bool {
    guard (1...ForwardedView.identifierBytesMax).contains(range.count) else { return false }
    for index in range where !self[index].isAlphanumeric {
      switch self[index] {
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"),
        UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "~"):
        continue
      default: return false
      }
    }
    return true
  }

  /// Whether it is a number, with or without a fraction, after an optional `t=`.
  ///
  /// Proxies send seconds, milliseconds or microseconds since 1970.
  fileprivate func isTime(_ range: Range<Int>) -> Bool {
    var digits = range
    if hasName("t", in: range), range.count > 2, self[range.lowerBound + 1] == UInt8(ascii: "=") {
      digits = range.lowerBound + 2..<range.upperBound
    }
    guard (1...24).contains(digits.count) else { return false }
    var points = 0
    for index in digits where !self[index].isDigit {
      guard self[index] == UInt8(ascii: "."), index > digits.lowerBound else { return false }
      points += 1
    }
    return points <= 1
  }
}

extension ByteSlice {
  /// The slice with the indices of `range`.
  init(_ range: Range<Int>) {
    self.init(offset: range.lowerBound, count: range.count)
  }
}
