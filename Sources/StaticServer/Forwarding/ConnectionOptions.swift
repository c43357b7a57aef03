internal import StaticAssets

/// The fields that the `Connection` lines of a message name: they concern this connection alone.
///
/// Source: RFC 9110 §7.6.1.
struct ConnectionOptions {
  /// The most that all lines may name together; usual messages name one or two.
  ///
  /// Each field is compared with each of them.
  static let countMax = 16

  private var options = InlineArray<16, ByteSlice>(repeating: .none)
  private var count = 0
  /// Whether there are more than `countMax`.
  private(set) var isExcessive = false

  /// Takes the value of one more line.
  mutating func add(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    var cursor = ListItems(value)
    while let option = cursor.next(bytes) {
      guard count < Self.countMax else {
        isExcessive = true
        return
      }
      options[count] = ByteSlice(option)
      count += 1
    }
  }

  /// Whether the field whose name is in `range` is among them.
  func contains(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    for index in 0..<count where bytes.spellsSame(range, options[index].range) { return true }
    return false
  }

  /// Whether the field `name`, which is lower-case, is among them.
  func contains(_ name: StaticString, _ bytes: Span<UInt8>) -> Bool {
    for index in 0..<count where bytes.isName(name, options[index].range) { return true }
    return false
  }
}
