internal import Dispatch
internal import StaticAssets
internal import Synchronization

/// Limits the memory of the encoders that run at the same time.
///
/// The memory is estimated. A content that needs more than the limit is compressed alone.
final class CompressionBudget: Sendable {
  private static let unit = 1 << 20

  private let unitCountMax: Int
  /// One permit for each unit.
  private let units: DispatchSemaphore
  /// Held while permits are taken, so that two callers never deadlock with a part each.
  private let turn = Mutex(())

  /// A quarter of the control group's memory limit, at most 250 MiB.
  static var standardByteCount: Int {
    min(250 << 20, (ControlGroup.current.memoryByteCountMax ?? .max) / 4)
  }

  /// A limit of `byteCount` bytes, at least 1 MiB.
  init(byteCount: Int) {
    unitCountMax = max(1, byteCount / Self.unit)
    units = DispatchSemaphore(value: unitCountMax)
  }

  /// Calls `body` when there is memory to encode `byteCount` bytes; blocks until then.
  func encoding<Result>(_ byteCount: Int, _ body: () throws -> Result) rethrows -> Result {
    try holding(Self.estimate(byteCount), body)
  }

  /// Calls `body` when `byteCount` bytes of memory are free; blocks until then.
  func holding<Result>(_ byteCount: Int, _ body: () throws -> Result) rethrows -> Result {
    let count = min(unitCountMax, byteCount / Self.unit)
    turn.withLock { _ in for _ in 0..<count { units.wait() } }
    defer { for _ in 0..<count { units.signal() } }
    return try body()
  }

  /// The bytes that zstd needs for a content of `byteCount` bytes and a dictionary, including both
  /// and the result.
  ///
  /// At level 19, the tables have four bytes for each of four times the window, which is at most
  /// twice the content and the dictionary. They do not grow beyond a window of 8 MiB.
  static func estimate(_ byteCount: Int, dictionary: Int) -> Int {
    let total = byteCount + dictionary
    return 4 << 20 + total + byteCount + min(32 * total, 84 << 20)
  }

  /// The bytes that brotli and gzip need for a content of `byteCount` bytes, including it and the
  /// results.
  ///
  /// An upper bound of what libbrotli 1.0.9 uses at quality 11 and window 22, measured with
  /// getrusage(2) without the content: 1.6 MiB for 16 KiB of content, 5.6 for 128 KiB, 33 for 1
  /// MiB, 63 for 4 MiB, 74 for 16 MiB.
  static func estimate(_ byteCount: Int) -> Int {
    let tables = min(32 * byteCount, 20 << 20 + 12 * min(byteCount, 4 << 20))
    return 2 << 20 + 2 * byteCount + tables
  }
}
