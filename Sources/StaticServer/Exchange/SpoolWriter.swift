internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Bytes to write to a spool's file, by a thread that may block on the disk.
struct SpoolWrite: Sendable {
  /// The spool of an exchange that the bytes are from.
  enum Direction: Sendable {
    /// The content of the request.
    case request
    /// Response bytes that the client has not received.
    case response
  }

  let exchange: ExchangeID
  let direction: Direction
  let file: SpoolFile
  let offset: Int64
  let bytes: [UInt8]
  /// The mailbox of the loop that gets the result.
  let mailbox: LoopMailbox

  /// The result of a write.
  struct Result: Sendable {
    let exchange: ExchangeID
    let direction: Direction
    let file: SpoolFile
    /// 0, or a negative error number.
    let code: Int
    /// The written bytes; the spool takes them back if the write failed.
    let bytes: [UInt8]
  }
}

/// The thread that writes spool files, so that no loop blocks on the disk.
final class SpoolWriter: Sendable {
  /// The budget of all spools of the server.
  let budget: SpoolBudget

  private let writes = Mutex<[SpoolWrite]>([])
  private let wake: Descriptor
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<WorkerThread?>(nil)
  private let onFailure: (@Sendable (Int32) -> Void)?

  /// Seconds in which a second failure is not reported.
  private static let quietSeconds: Int64 = 60

  /// A writer with a budget of `byteCountMax` bytes for all files.
  ///
  /// - Parameter onFailure: receives the error number of a failure, on the writer's thread.
  init(
    byteCountMax: Int,
    onFailure: (@Sendable (Int32) -> Void)? = nil
  ) throws(StaticServerError) {
    self.onFailure = onFailure
    budget = SpoolBudget(byteCountMax: byteCountMax)
    wake = Descriptor(owning: try StaticServerError.check(clinux_blocking_eventfd(), "eventfd"))
  }

  /// Starts the thread.
  func start() throws(StaticServerError) {
    let started = try WorkerThread(name: "staticd-spool") { self.run() }
    thread.withLock { $0 = started }
  }

  /// Queues `write`; its result is posted to its mailbox.
  func submit(_ write: SpoolWrite) {
    writes.withLock { $0.append(write) }
    signal()
  }

  /// Ends the thread; the loops must have ended.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    signal()
    let started = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    started?.join()
  }

  private func signal() {
    var one: UInt64 = 1
    _ = unsafe write(wake.number, &one, MemoryLayout<UInt64>.size)
  }

  private func run() {
    var quietUntil = Int64.min
    while true {
      var count: UInt64 = 0
      _ = unsafe read(wake.number, &count, MemoryLayout<UInt64>.size)
      let next = writes.withLock { writes in
        defer { writes = [] }
        return writes
      }
      for write in next {
        let code = write.file.write(write.bytes, at: write.offset)
        // The rest of a response stays in memory.
        let isContent = write.direction == .request
        if code < 0, isContent, let onFailure, clinux_monotonic_milliseconds() / 1000 >= quietUntil
        {
          quietUntil = clinux_monotonic_milliseconds() / 1000 + Self.quietSeconds
          onFailure(Int32(clamping: -code))
        }
        write.mailbox.post(
          SpoolWrite.Result(
            exchange: write.exchange,
            direction: write.direction,
            file: write.file,
            code: code,
            bytes: code < 0 ? write.bytes : []
          )
        )
      }
      if isStopping.load(ordering: .acquiring) { return }
    }
  }
}
