internal import StaticAssets

/// The peers that are trusted to report a client's properties: address, scheme, host and so on.
public enum ForwardingTrust: Equatable, Sendable {
  /// No peer: every client connects directly.
  case nobody
  /// Peers with an address in these networks.
  case networks(TrustedNetworks)
  /// Every peer, because only proxies can connect.
  case everyone
  /// Every peer, but only for the fields that the platform's router sets.
  case platform(ForwardingPlatform)

  /// The fields for which `peer` is trusted.
  func believed(of peer: PeerAddress) -> BelievedClaims {
    switch self {
    case .nobody: []
    case .everyone: .all
    case .platform(let platform): platform.claims
    case .networks(let networks): networks.contains(peer) ? .all : []
    }
  }

  /// Whether `address` is a trusted proxy's, so that the entry before it in a list is reliable.
  func isProxy(_ address: PeerAddress) -> Bool {
    // `everyone` and `platform` apply to the peer; they do not make the addresses in a list
    // trusted.
    if case .networks(let networks) = self { return networks.contains(address) }
    return false
  }

  /// Whether the name in `range` is that of the platform's field with the client's address.
  func names(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    guard case .platform(let platform) = self, let field = platform.clientField else {
      return false
    }
    return bytes.isName(field, range)
  }

  /// Whether the platform's router sets the field in `name`.
  func owns(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    if case .platform(let platform) = self { return platform.owns(name, bytes) }
    return false
  }
}

/// The fields for which a peer is trusted.
struct BelievedClaims: OptionSet, Sendable {
  let rawValue: UInt16

  static let forwardedFor = Self(rawValue: 1)
  static let forwardedProto = Self(rawValue: 2)
  static let forwardedHost = Self(rawValue: 4)
  static let forwardedPort = Self(rawValue: 8)
  static let forwarded = Self(rawValue: 16)
  static let realIP = Self(rawValue: 32)
  static let requestID = Self(rawValue: 64)
  static let requestStart = Self(rawValue: 128)
  static let other = Self(rawValue: 256)
  static let scheme = Self(rawValue: 512)

  static let all = Self(rawValue: 1023)

  /// The set with one field.
  init(_ claim: ProxyClaim) {
    switch claim {
    case .forwardedFor: self = .forwardedFor
    case .forwardedProto: self = .forwardedProto
    case .forwardedHost: self = .forwardedHost
    case .forwardedPort: self = .forwardedPort
    case .forwarded: self = .forwarded
    case .realIP: self = .realIP
    case .requestID: self = .requestID
    case .requestStart: self = .requestStart
    case .scheme: self = .scheme
    case .other: self = .other
    }
  }

  init(rawValue: UInt16) {
    self.rawValue = rawValue
  }
}
