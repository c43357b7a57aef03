internal import StaticAssets

/// The connection options of a message: the fields that its `Connection` lines list as hop-by-hop.
///
/// Source: RFC 9110 §7.6.1.
struct ConnectionOptions {
  /// The limit of options of all lines together; usual messages have one or two.
  ///
  /// Each field name is compared with each option.
  static let countMax = 16

  private var options = InlineArray<16, ByteSlice>(repeating: .none)
  private var count = 0
  /// Whether there were more than `countMax` options.
  private(set) var isExcessive = false

  /// Adds the options of one `Connection` line.
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

  /// Whether the field name in `range` is an option.
  func contains(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    for index in 0..<count where bytes.spellsSame(range, options[index].range) { return true }
    return false
  }

  /// Whether `name`, which is lower-case, is an option.
  func contains(_ name: StaticString, _ bytes: Span<UInt8>) -> Bool {
    for index in 0..<count where bytes.isName(name, options[index].range) { return true }
    return false
  }
}
