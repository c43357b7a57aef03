internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// The thread that writes the access log, so that a slow disk or pipe does not block an event loop.
final class LogWriter: Sendable {
  private let descriptor: Int32
  private let channels: [LogChannel]
  private let wake: Descriptor
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<WorkerThread?>(nil)

  /// A writer of the lines from `channels` to `descriptor`.
  init(_ channels: [LogChannel], to descriptor: Int32) throws(ServerError) {
    self.descriptor = descriptor
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

  private func run() {
    while true {
      var count: UInt64 = 0
      _ = unsafe read(wake.number, &count, MemoryLayout<UInt64>.size)
      // Read the flag first: lines that were offered before the stop are written below.
      let ends = isStopping.load(ordering: .acquiring)
      for channel in channels { unsafe channel.take { unsafe writeAll($0) } }
      if ends { return }
    }
  }

  /// Writes all of `bytes`; after an error the rest is lost.
  ///
  /// A full pipe blocks this thread until it is read or a stop is requested.
  private func writeAll(_ bytes: UnsafeRawBufferPointer) {
    var rest = unsafe bytes[...]
    while unsafe !rest.isEmpty {
      guard isWritable() else { return }
      // A pipe that poll(2) reports writable accepts PIPE_BUF bytes without blocking. pipe(7)
      let piece = unsafe UnsafeRawBufferPointer(rebasing: rest.prefix(4096))
      let written = unsafe Glibc.write(descriptor, piece.baseAddress, piece.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return }
      unsafe rest = rest.dropFirst(written)
    }
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
