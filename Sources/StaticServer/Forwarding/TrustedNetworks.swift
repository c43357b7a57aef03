/// The networks of trusted proxies.
public struct TrustedNetworks: Equatable, Sendable {
  /// The error of an invalid network: one sentence with the remedy.
  public struct Malformed: Error, Equatable, CustomStringConvertible {
    /// The sentence.
    public let description: String
  }

  /// Addresses with the same first `prefixLength` bits; IPv4 is mapped to `::ffff:0:0/96`.
  private struct Network: Equatable {
    let address: NetworkBits
    let mask: NetworkBits
  }

  private var networks: [Network] = []

  /// No network.
  public init() {}

  /// Whether the list has no network.
  public var isEmpty: Bool { networks.isEmpty }

  /// Adds a network in CIDR notation, such as `10.0.0.0/8` or `fd00::/8`, or a single address.
  ///
  /// Source: RFC 4632 §3.1, RFC 4291 §2.3.
  ///
  /// - Throws: `Malformed` for any other text, and if bits behind the prefix are set, because such
  ///   a network is usually a mistake.
  public mutating func add(_ text: String) throws(Malformed) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = PeerAddress(String(parts[0])) else {
      throw Malformed(
        description: "'\(text)' is no network: give one such as 10.0.0.0/8 or fd00::/8"
      )
    }
    let bits = address.kind == .ipv4 ? 32 : 128
    var length = bits
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy(\.isDigit), let given = Int(parts[1]), given <= bits else {
        throw Malformed(description: "'\(text)': a prefix has 0 to \(bits) bits")
      }
      length = given
    }
    let mask = NetworkBits(prefixLength: 128 - bits + length)
    let network = Network(address: NetworkBits(address), mask: mask)
    guard network.address.masked(mask) == network.address else {
      throw Malformed(
        description: "'\(text)': bits behind the prefix of \(length) are set; clear them"
      )
    }
    networks.append(network)
  }

  /// Whether one of the networks contains `address`; false for the peer of a Unix socket.
  func contains(_ address: PeerAddress) -> Bool {
    guard address.kind != .unix else { return false }
    let bits = NetworkBits(address)
    for network in networks where bits.masked(network.mask) == network.address { return true }
    return false
  }
}

/// The 128 bits of an address; an IPv4 address is mapped (RFC 4291 §2.5.5.2).
private struct NetworkBits: Equatable {
  let high: UInt64
  let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A mask whose first `prefixLength` bits are 1.
  init(prefixLength: Int) {
    high = prefixLength >= 64 ? .max : ~(UInt64.max >> UInt64(prefixLength))
    low =
      prefixLength <= 64 ? 0 : ~(prefixLength == 128 ? 0 : UInt64.max >> UInt64(prefixLength - 64))
  }

  init(_ address: PeerAddress) {
    guard address.kind == .ipv6 else {
      var value: UInt64 = 0xFFFF
      for index in 0..<4 { value = value << 8 | UInt64(address.byte(index)) }
      self.init(high: 0, low: value)
      return
    }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<8 {
      high = high << 8 | UInt64(address.byte(index))
      low = low << 8 | UInt64(address.byte(index + 8))
    }
    self.init(high: high, low: low)
  }

  func masked(_ mask: NetworkBits) -> NetworkBits {
    NetworkBits(high: high & mask.high, low: low & mask.low)
  }
}
