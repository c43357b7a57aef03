/// A part of a buffer that someone else owns, as offsets.
///
/// Offsets stay right when the buffer moves: a read buffer is compacted between pipelined
/// requests and may grow. A pointer would dangle.
///
/// - Units: bytes from the start of the buffer the slice was made from.
public struct ByteSlice: Equatable, Sendable, BitwiseCopyable {
  /// The index of the first byte.
  public var offset: UInt32
  /// The number of bytes.
  public var count: UInt32

  /// A slice of `count` bytes from `offset`; traps when either is negative or exceeds 4 GiB.
  public init(offset: Int, count: Int) {
    self.offset = UInt32(offset)
    self.count = UInt32(count)
  }

  /// The slice of no bytes, which stands for an absent header field.
  public static let none = ByteSlice(offset: 0, count: 0)

  /// Whether the slice has no bytes.
  public var isEmpty: Bool { count == 0 }

  /// The slice as offsets; a buffer traps on the ones that lie outside it.
  public var range: Range<Int> { Int(offset)..<(Int(offset) + Int(count)) }
}
