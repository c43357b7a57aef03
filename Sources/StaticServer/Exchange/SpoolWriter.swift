internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Bytes that are to be written to a spool's file, by a thread that may wait for the disk.
struct SpoolWrite: Sendable {
  /// Which of the two spools of an exchange it is.
  enum Direction: Sendable {
    /// The content of the request.
    case request
    /// What the client has not taken of the response.
    case response
  }

  let exchange: ExchangeID
  let direction: Direction
  let file: SpoolFile
  let offset: Int64
  let bytes: [UInt8]
  /// The loop that is told.
  let mailbox: LoopMailbox

  /// What a write came to.
  struct Result: Sendable {
    let exchange: ExchangeID
    let direction: Direction
    let file: SpoolFile
    /// 0, or a negative error number.
    let code: Int
    /// The bytes, which are the spool's again when they could not be written.
    let bytes: [UInt8]
  }
}

/// The thread that writes to the files of spools, so that no loop waits for a disk.
final class SpoolWriter: Sendable {
  /// Shared by all spools of the server.
  let budget: SpoolBudget

  private let writes = Mutex<[SpoolWrite]>([])
  private let wake: Descriptor
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<WorkerThread?>(nil)

  /// A writer for at most `byteCountMax` bytes in all files together.
  init(byteCountMax: Int) throws(ServerError) {
    budget = SpoolBudget(byteCountMax: byteCountMax)
    wake = Descriptor(owning: try ServerError.check(clinux_blocking_eventfd(), "eventfd"))
  }

  /// Starts the thread.
  func start() throws(ServerError) {
    let started = try WorkerThread(name: "staticd-spool") { self.run() }
    thread.withLock { $0 = started }
  }

  /// Writes `write` after those before it, and posts the result.
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
    while true {
      var count: UInt64 = 0
      _ = unsafe read(wake.number, &count, MemoryLayout<UInt64>.size)
      let next = writes.withLock { writes in
        defer { writes = [] }
        return writes
      }
      for write in next {
        let code = write.file.write(write.bytes, at: write.offset)
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
