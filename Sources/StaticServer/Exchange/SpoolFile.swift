internal import CLinux
internal import StaticAssets
internal import Synchronization

/// An unlinked temporary file, closed when its last reference is released.
///
/// The first write creates it. Any thread may use it; written bytes never change.
final class SpoolFile: Sendable {
  private let directory: BytePath
  private let descriptor = Atomic<Int32>(-1)
  private let budget: SpoolBudget
  /// Bytes reserved in the budget.
  private let reserved = Atomic<Int>(0)

  /// A file in `directory` that uses `budget`.
  init(in directory: BytePath, _ budget: SpoolBudget) {
    self.directory = directory
    self.budget = budget
  }

  deinit {
    let fd = descriptor.load(ordering: .acquiring)
    if fd >= 0 {
      _ = clinux_close(fd)
      budget.noteClosed()
    }
    budget.release(reserved.load(ordering: .relaxed))
  }

  /// The descriptor; negative before the first write.
  var fd: Int32 { descriptor.load(ordering: .acquiring) }

  /// Reserves `byteCount` bytes of the budget for a write; returns false if fewer are left.
  func reserve(_ byteCount: Int) -> Bool {
    guard budget.reserve(byteCount) else { return false }
    reserved.add(byteCount, ordering: .relaxed)
    return true
  }

  /// Writes `bytes` at `offset`; returns 0 or a negative error number. open(2), pwrite(2)
  ///
  /// Blocks while the kernel waits for the disk.
  func write(_ bytes: [UInt8], at offset: Int64) -> Int {
    if fd < 0 {
      let result = unsafe directory.withCString { unsafe clinux_temporary_file($0) }
      guard result >= 0 else { return result }
      descriptor.store(Int32(result), ordering: .releasing)
      budget.noteOpened()
    }
    let fd = fd
    return unsafe bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count, let first = bytes.baseAddress {
        let rest = bytes.count - written
        let place = offset + Int64(written)
        let result = unsafe clinux_write_at(fd, first + written, rest, place)
        guard result > 0 else { return result < 0 ? result : -1 }
        written += result
      }
      return 0
    }
  }
}

/// The limit of bytes in spool files, shared by all spools of a server.
final class SpoolBudget: Sendable {
  let byteCountMax: Int
  private let used = Atomic<Int>(0)
  private let files = Atomic<Int>(0)

  /// A budget of `byteCountMax` bytes.
  init(byteCountMax: Int) {
    self.byteCountMax = byteCountMax
  }

  /// The number of reserved bytes.
  var byteCount: Int { used.load(ordering: .relaxed) }

  /// The number of open files.
  var fileCount: Int { files.load(ordering: .relaxed) }

  /// Counts a file that was created.
  func noteOpened() { files.add(1, ordering: .relaxed) }

  /// Counts a file that was closed.
  func noteClosed() { files.subtract(1, ordering: .relaxed) }

  /// Reserves `byteCount` bytes; returns false if fewer are left.
  func reserve(_ byteCount: Int) -> Bool {
    let (_, after) = used.add(byteCount, ordering: .relaxed)
    guard after > byteCountMax else { return true }
    release(byteCount)
    return false
  }

  /// Releases `byteCount` reserved bytes.
  func release(_ byteCount: Int) {
    used.subtract(byteCount, ordering: .relaxed)
  }
}
