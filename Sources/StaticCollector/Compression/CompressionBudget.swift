internal import Dispatch
internal import StaticAssets
internal import Synchronization

/// Keeps the memory of encoders that work at the same time below a bound.
///
/// What is counted is an estimate. One content that needs more than the bound is compressed alone.
final class CompressionBudget: Sendable {
  private static let unit = 1 << 20

  private let unitCountMax: Int
  /// One permit for each unit.
  private let units: DispatchSemaphore
  /// Held while permits are collected, so that no two wait for each other's.
  private let turn = Mutex(())

  /// A quarter of what the control group allows, at most 250 MiB.
  static var standardByteCount: Int {
    min(250 << 20, (ControlGroup.current.memoryByteCountMax ?? .max) / 4)
  }

  /// A bound of `byteCount` bytes, at least 1 MiB.
  init(byteCount: Int) {
    unitCountMax = max(1, byteCount / Self.unit)
    units = DispatchSemaphore(value: unitCountMax)
  }

  /// Calls `body` when there is memory for encoding `byteCount` bytes; blocks until then.
  func encoding<Result>(_ byteCount: Int, _ body: () throws -> Result) rethrows -> Result {
    try holding(Self.estimate(byteCount), body)
  }

  /// Calls `body` when there is memory for so many bytes; blocks until then.
  func holding<Result>(_ byteCount: Int, _ body: () throws -> Result) rethrows -> Result {
    let count = min(unitCountMax, byteCount / Self.unit)
    turn.withLock { _ in for _ in 0..<count { units.wait() } }
    defer { for _ in 0..<count { units.signal() } }
    return try body()
  }

  /// The bytes that zstd needs for a content of `byteCount` bytes with a dictionary, with both and the
  /// result.
  ///
  /// At level 19 the tables have four bytes for each of four times the window, which is at most twice
  /// content and dictionary; from 8 MiB on they do not grow.
  static func estimate(_ byteCount: Int, dictionary: Int) -> Int {
    let total = byteCount + dictionary
    return 4 << 20 + total + byteCount + min(32 * total, 84 << 20)
  }

  /// The bytes that brotli and gzip need for a content of `byteCount` bytes, with it and its results.
  ///
  /// A bound of what libbrotli 1.0.9 takes at quality 11 and window 22, by getrusage(2): 1.6 MiB for a
  /// content of 16 KiB, 5.6 for 128 KiB, 33 for 1 MiB, 63 for 4 MiB and 74 for 16 MiB, without the
  /// content.
  static func estimate(_ byteCount: Int) -> Int {
    let tables = min(32 * byteCount, 20 << 20 + 12 * min(byteCount, 4 << 20))
    return 2 << 20 + 2 * byteCount + tables
  }
}
