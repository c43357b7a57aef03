internal import StaticAssets

/// Whose word is taken about the client behind a connection: its address, its scheme, its host.
public enum ForwardingTrust: Equatable, Sendable {
  /// Nobody's: every client connects directly.
  case nobody
  /// That of peers in these networks.
  case networks(TrustedNetworks)
  /// That of every peer: nobody else can connect.
  case everyone
  /// That of every peer, for the fields that the platform's router sets.
  case platform(ForwardingPlatform)

  /// What is believed of a peer.
  func believed(of peer: PeerAddress) -> BelievedClaims {
    switch self {
    case .nobody: []
    case .everyone: .all
    case .platform(let platform): platform.claims
    case .networks(let networks): networks.contains(peer) ? .all : []
    }
  }

  /// Whether a peer may speak for the one before it in a list of addresses.
  func isProxy(_ address: PeerAddress) -> Bool {
    // Who trusts every peer knows that none but a proxy connects, and nothing of other addresses.
    if case .networks(let networks) = self { return networks.contains(address) }
    return false
  }

  /// Whether a platform's router tells the client's address in the field whose name is in `range`.
  func names(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    guard case .platform(let platform) = self, let field = platform.clientField else {
      return false
    }
    return bytes.isName(field, range)
  }

  /// How the names of a platform's own fields begin.
  var ownPrefix: StaticString? {
    if case .platform(let platform) = self { return platform.ownPrefix }
    return nil
  }
}

/// A set of the fields that a peer's word is taken for.
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

  static let all = Self(rawValue: 511)

  /// The set of one field.
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
    case .other: self = .other
    }
  }

  init(rawValue: UInt16) {
    self.rawValue = rawValue
  }
}
