internal import StaticAssets

/// The `Via` field of a request: the intermediaries that it has passed.
///
/// A gateway must add itself to each request that it forwards (RFC 9110 §7.6.3). We are `staticd`
/// there, a pseudonym, so that no name and no port of an inner host is told, and without a comment,
/// so that no version is. What the client or a proxy wrote stays before it, also that of strangers:
/// nothing is decided by it, but that a request which has passed us `hopsMax` times runs in a circle
/// and is refused. Answers get no `Via`, which is optional for a gateway; files are served the same
/// with it and without.
struct ViaList {
  /// How often a request may have passed us: one staticd before another is fine.
  static let hopsMax = 8

  /// The name of this intermediary, lower-case.
  static let pseudonym: StaticString = "staticd"

  /// Whether there is a line of it.
  private(set) var isPresent = false
  /// How often the request has passed us or another staticd.
  private var hopCount = 0

  /// Whether the request has passed us too often.
  var isLoop: Bool { hopCount >= Self.hopsMax }

  /// Takes the value of one more line.
  mutating func add(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    isPresent = true
    var items = ListItems(value)
    while let item = items.next(bytes) {
      if isOurs(item, bytes) { hopCount += 1 }
    }
  }

  /// Whether an element such as `1.1 staticd` names us: the protocol, a space, and the name.
  private func isOurs(_ item: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    var start = item.lowerBound
    while start < item.upperBound, bytes[start] != 0x20, bytes[start] != 0x09 { start &+= 1 }
    let rest = bytes.trimmed(start..<item.upperBound)
    guard bytes.hasName(Self.pseudonym, in: rest) else { return false }
    let end = rest.lowerBound + Self.pseudonym.utf8CodeUnitCount
    return end == rest.upperBound || bytes[end] == 0x20 || bytes[end] == 0x09
  }
}
