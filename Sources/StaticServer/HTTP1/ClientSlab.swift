internal import Glibc

/// The connections of one event loop, addressed by descriptor number.
///
/// The kernel hands out the lowest free numbers, so an array indexed by them is dense, and finding
/// a connection is one addition: no hashing, no reference count, no allocation after `init`.
/// A page of slots costs memory only once a connection uses it.
///
/// Confined to the thread of its loop. The unsafe part: `slots` points to `capacity` values, all
/// zeros at first, which is a free `ClientConnection`; every index is checked against `capacity`.
@safe struct ClientSlab: ~Copyable {
  /// The number of slots: one more than the highest descriptor number that may be served.
  let capacity: Int
  /// The number of connections.
  private(set) var count = 0
  /// One more than the highest number that was ever in use.
  private(set) var usedCapacity = 0

  private let slots: UnsafeMutablePointer<ClientConnection>

  /// Reserves the address space for every slot.
  init(capacity: Int) {
    self.capacity = capacity
    // calloc(3) maps pages of zeros, which the system provides when they are touched.
    guard let block = unsafe calloc(capacity, MemoryLayout<ClientConnection>.stride) else {
      fatalError("out of memory for \(capacity) connections")
    }
    unsafe slots = block.bindMemory(to: ClientConnection.self, capacity: capacity)
  }

  deinit {
    unsafe Glibc.free(slots)
  }

  /// The numbers that were ever in use.
  var numbers: Range<Int32> { 0..<Int32(usedCapacity) }

  /// Bytes of heads, of requests behind a blocked response and of responses that all hold.
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

  /// What the connection of `fd` holds; made when it holds nothing yet.
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

  /// Frees what the connection of `fd` holds.
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
    count += 1
    usedCapacity = max(usedCapacity, Int(fd) + 1)
    return self[fd].generation
  }

  /// Ends the connection at `fd` and frees what it owns, the descriptor excepted.
  mutating func release(_ fd: Int32) {
    precondition(self[fd].state != .free)
    dropWork(fd)
    self[fd].state = .free
    self[fd].generation = (self[fd].generation &+ 1) & PollToken.generationMask
    count -= 1
  }
}
