internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// The thread that writes the access log, so that a slow disk or pipe does not block an event loop.
final class LogWriter: Sendable {
  private let descriptor: Int32
  private let format: AccessLog.Format
  private let channels: [LogChannel]
  private let wake: Descriptor
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<WorkerThread?>(nil)

  /// A writer of the lines from `channels` to the descriptor of `log`.
  init(_ channels: [LogChannel], to log: AccessLog) throws(ServerError) {
    descriptor = log.descriptor
    format = log.format
    self.channels = channels
    wake = Descriptor(owning: try ServerError.check(clinux_blocking_eventfd(), "eventfd"))
  }

  /// Starts the thread.
  func start() throws(ServerError) {
    let started = try WorkerThread(name: "staticd-log") { self.run() }
    thread.withLock { $0 = started }
  }

  /// Wakes the thread because a channel has a block.
  func notify() {
    var one: UInt64 = 1
    _ = unsafe Glibc.write(wake.number, &one, MemoryLayout<UInt64>.size)
  }

  /// Writes the remaining lines and ends the thread; the loops must have ended.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    notify()
    let started = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    started?.join()
  }

  /// Lines that the system did not accept, until a line of their own tells how many.
  private struct LostLines {
    var count = 0
    /// Whether the last line that was written is not complete.
    var endsInLine = false
  }

  private func run() {
    var lost = LostLines()
    while true {
      var count: UInt64 = 0
      _ = unsafe read(wake.number, &count, MemoryLayout<UInt64>.size)
      // Read the flag first: lines that were offered before the stop are written below.
      let ends = isStopping.load(ordering: .acquiring)
      for channel in channels { unsafe channel.take { unsafe write($0, &lost) } }
      guard !ends else {
        _ = tell(&lost)
        return
      }
    }
  }

  /// Writes `bytes`, behind the count of the lines that were lost before them.
  private func write(_ bytes: UnsafeRawBufferPointer, _ lost: inout LostLines) {
    let written = unsafe tell(&lost) ? writeAll(bytes) : 0
    guard written < bytes.count else { return }
    let rest = unsafe bytes[written...]
    unsafe lost.count += rest.count { $0 == UInt8(ascii: "\n") }
    if written > 0 { lost.endsInLine = unsafe bytes[written - 1] != UInt8(ascii: "\n") }
  }

  /// Writes how many lines were lost, if any were; returns false if the system does not accept it.
  private func tell(_ lost: inout LostLines) -> Bool {
    guard lost.count > 0 else { return true }
    var time = LogTime()
    time.update(clinux_realtime_seconds())
    let start: [UInt8] = lost.endsInLine ? [UInt8(ascii: "\n")] : []
    let line = start + DroppedLines.line(lost.count, format, at: time)
    let written = unsafe line.withUnsafeBytes { unsafe writeAll($0) }
    guard written == line.count else {
      if written > 0 { lost.endsInLine = true }
      return false
    }
    lost = LostLines()
    return true
  }

  /// Writes `bytes` until an error; returns how many the system accepted.
  ///
  /// A full pipe blocks this thread until it is read or a stop is requested.
  private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int {
    var rest = unsafe bytes[...]
    while unsafe !rest.isEmpty {
      guard isWritable() else { break }
      // A pipe that poll(2) reports writable accepts PIPE_BUF bytes without blocking. pipe(7)
      let piece = unsafe UnsafeRawBufferPointer(rebasing: rest.prefix(4096))
      let written = unsafe Glibc.write(descriptor, piece.baseAddress, piece.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { break }
      unsafe rest = rest.dropFirst(written)
    }
    return unsafe bytes.count - rest.count
  }

  /// Waits until the descriptor is writable; returns false if a stop is requested before it is.
  private func isWritable() -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    while true {
      if unsafe poll(&request, 1, 200) > 0 { return true }
      if isStopping.load(ordering: .acquiring) { return false }
    }
  }
}
