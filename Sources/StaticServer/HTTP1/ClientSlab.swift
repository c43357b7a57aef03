internal import Glibc

/// The connections of one event loop, indexed by descriptor number.
///
/// The kernel assigns the lowest free number, so the array is dense, and a lookup is one addition:
/// no hashing, no reference counting, no allocation after `init`. A page of slots uses memory only
/// after its first use.
///
/// Confined to the thread of its loop. The unsafe part: `slots` points to `capacity` values; all
/// zeros is a free `ClientConnection`. Every index is checked against `capacity`.
@safe struct ClientSlab: ~Copyable {
  /// The number of slots: the highest allowed descriptor number plus 1.
  let capacity: Int
  /// The number of connections.
  private(set) var count = 0
  /// The highest number used so far, plus 1.
  private(set) var usedCapacity = 0

  private let slots: UnsafeMutablePointer<ClientConnection>
  /// The generation of the connection that began last.
  private var lastGeneration: UInt32 = 0

  /// Reserves address space for every slot.
  init(capacity: Int) {
    self.capacity = capacity
    // calloc(3) maps zero pages, which use memory only when they are written.
    guard let block = unsafe calloc(capacity, MemoryLayout<ClientConnection>.stride) else {
      fatalError("out of memory for \(capacity) connections")
    }
    unsafe slots = block.bindMemory(to: ClientConnection.self, capacity: capacity)
  }

  deinit {
    unsafe Glibc.free(slots)
  }

  /// The descriptor numbers used so far.
  var numbers: Range<Int32> { 0..<Int32(usedCapacity) }

  /// The bytes of memory that all connections use for input and responses.
  var heldByteCount: Int {
    var count = 0
    for fd in numbers {
      if let work = unsafe self[fd].work { unsafe count += work.pointee.heldByteCount }
    }
    return count
  }

  /// The connection of descriptor `fd`.
  @inline(always)
  subscript(fd: Int32) -> ClientConnection {
    unsafeAddress {
      precondition(fd >= 0 && Int(fd) < capacity)
      return unsafe UnsafePointer(slots + Int(fd))
    }
    unsafeMutableAddress {
      precondition(fd >= 0 && Int(fd) < capacity)
      return unsafe slots + Int(fd)
    }
  }

  /// The work of connection `fd`; allocated at the first access.
  subscript(work fd: Int32) -> ConnectionWork {
    mutating unsafeAddress { unsafe UnsafePointer(makeWork(fd)) }
    unsafeMutableAddress { unsafe makeWork(fd) }
  }

  private mutating func makeWork(_ fd: Int32) -> UnsafeMutablePointer<ConnectionWork> {
    if let work = unsafe self[fd].work { return unsafe work }
    let work = UnsafeMutablePointer<ConnectionWork>.allocate(capacity: 1)
    unsafe work.initialize(to: ConnectionWork())
    unsafe self[fd].work = work
    return unsafe work
  }

  /// Frees the work of connection `fd`.
  @inline(never)
  mutating func dropWork(_ fd: Int32) {
    guard let work = unsafe self[fd].work else { return }
    unsafe work.pointee.free()
    unsafe work.deallocate()
    unsafe self[fd].work = nil
  }

  /// Begins a connection at descriptor `fd`; returns its generation.
  mutating func begin(_ fd: Int32, from peer: PeerAddress) -> UInt32 {
    precondition(self[fd].state == .free)
    self[fd].state = .reading
    self[fd].awaitsHead = true
    self[fd].isSecure = false
    self[fd].hasBufferedRequest = false
    self[fd].requestCount = 0
    self[fd].peer = peer
    self[fd].exchange = .none
    lastGeneration = (lastGeneration &+ 1) & PollToken.generationMask
    self[fd].generation = lastGeneration
    count += 1
    usedCapacity = max(usedCapacity, Int(fd) + 1)
    return self[fd].generation
  }

  /// Releases the slot of `fd` and frees what the connection owns, except the descriptor.
  mutating func release(_ fd: Int32) {
    precondition(self[fd].state != .free)
    dropWork(fd)
    self[fd].state = .free
    count -= 1
  }
}
