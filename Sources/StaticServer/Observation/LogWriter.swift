internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// The thread that writes the access log, so that a slow disk or pipe does not block an event loop.
///
/// It writes the lines of all loops in the order of time.
final class LogWriter: Sendable {
  private let log: AccessLog
  private let channels: [LogChannel]
  private let wake: Descriptor
  private let isStopping = Atomic<Bool>(false)
  private let lost = Atomic<Int>(0)
  private let thread = Mutex<WorkerThread?>(nil)

  /// A writer of the lines from `channels` to `log`.
  init(_ channels: [LogChannel], to log: AccessLog) throws(StaticServerError) {
    self.log = log
    self.channels = channels
    wake = Descriptor(owning: try StaticServerError.check(clinux_blocking_eventfd(), "eventfd"))
  }

  /// The number of lines that were dropped, or that the system did not accept.
  var lostCount: Int {
    channels.reduce(lost.load(ordering: .relaxed)) { $0 + $1.droppedCount }
  }

  /// Starts the thread.
  func start() throws(StaticServerError) {
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
    var sink = LogSink(log) { self.isStopping.load(ordering: .acquiring) }
    var buffer = ByteBuffer(capacity: 2 * RequestLog.capacity)
    while true {
      var count: UInt64 = 0
      _ = unsafe read(wake.number, &count, MemoryLayout<UInt64>.size)
      // Read the flag first: lines that were offered before the stop are written below.
      let ends = isStopping.load(ordering: .acquiring)
      merge(until: ends ? .max : orderedTime, &buffer, &sink)
      if ends { sink.finish() }
      lost.store(sink.lostCount, ordering: .relaxed)
      if ends { return }
    }
  }

  /// The time up to which all lines have been offered.
  ///
  /// A loop that holds older lines offers them soon. If a channel is half full, lines are written
  /// out of order instead of being dropped.
  private var orderedTime: Int64 {
    guard !channels.contains(where: \.isCrowded) else { return .max }
    return channels.reduce(Int64.max) { min($0, $1.pendingSince) }
  }

  /// Writes the lines up to the time `limit`, sorted.
  private func merge(until limit: Int64, _ buffer: inout ByteBuffer, _ sink: inout LogSink) {
    while let (channel, end) = nextRun(until: limit) {
      while let time = channel.nextTime, time <= end {
        if buffer.room < RequestLog.capacity {
          sink.write(&buffer)
        }
        unsafe channel.take { line in
          if let first = line.baseAddress { unsafe buffer.append(first, line.count) }
        }
      }
    }
    sink.write(&buffer)
  }

  /// The channel with the oldest line, and the time of the oldest line of the others.
  private func nextRun(until limit: Int64) -> (LogChannel, end: Int64)? {
    var first: (channel: LogChannel, time: Int64)?
    var end = limit
    for channel in channels {
      guard let time = channel.nextTime, time <= limit else { continue }
      if let other = first, other.time <= time {
        end = min(end, time)
      } else {
        if let other = first { end = min(end, other.time) }
        first = (channel, time)
      }
    }
    return first.map { ($0.channel, end) }
  }
}
