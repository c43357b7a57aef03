internal import StaticAssets

/// The `Via` field of a request: the intermediaries that have forwarded it.
///
/// A gateway must add itself to each request that it forwards (RFC 9110 §7.6.3). This server adds
/// the pseudonym `staticd`, so that no internal host name or port is disclosed, and no comment, so
/// that no version is. Received elements are kept before it, also those of untrusted peers. They
/// have one effect: a request with `hopsMax` elements that name `staticd` is a loop, and is
/// rejected.
///
/// Responses get no `Via`, which is optional for a gateway. `Via` does not change how files are
/// served.
struct ViaList {
  /// The number of `staticd` elements at which a request is refused; one staticd behind another is
  /// valid.
  static let hopsMax = 8

  /// The name of this intermediary, lower-case.
  static let pseudonym: StaticString = "staticd"

  /// Whether the request has a `Via` line.
  private(set) var isPresent = false
  /// The number of elements that name `staticd`.
  private var hopCount = 0

  /// Whether the request must be refused as a loop.
  var isLoop: Bool { hopCount >= Self.hopsMax }

  /// Adds the value of one `Via` line.
  mutating func add(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    isPresent = true
    var items = ListItems(value)
    while let item = items.next(bytes) {
      if isOurs(item, bytes) { hopCount += 1 }
    }
  }

  /// Whether an element such as `1.1 staticd` names this server: protocol, space, pseudonym.
  private func isOurs(_ item: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    var start = item.lowerBound
    while start < item.upperBound, bytes[start] != 0x20, bytes[start] != 0x09 { start &+= 1 }
    let rest = bytes.trimmed(start..<item.upperBound)
    guard bytes.hasName(Self.pseudonym, in: rest) else { return false }
    let end = rest.lowerBound + Self.pseudonym.utf8CodeUnitCount
    return end == rest.upperBound || bytes[end] == 0x20 || bytes[end] == 0x09
  }
}
