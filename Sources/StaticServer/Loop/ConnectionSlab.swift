internal import Glibc

/// The connections of one event loop, addressed by descriptor number.
///
/// The kernel hands out the lowest free numbers, so an array indexed by them is dense, and finding
/// a connection is one addition: no hashing, no reference count, no allocation after `init`.
/// A page of slots costs memory only once a connection uses it.
///
/// Confined to the thread of its loop. The unsafe part: `slots` points to `capacity` values, all
/// zeros at first, which is a free `Connection`; every index is checked against `capacity`.
@safe struct ConnectionSlab: ~Copyable {
  /// The number of slots: one more than the highest descriptor number that may be served.
  let capacity: Int
  /// The number of connections.
  private(set) var count = 0
  /// One more than the highest number that was ever in use.
  private(set) var usedCapacity = 0

  private let slots: UnsafeMutablePointer<Connection>

  /// Reserves the address space for every slot.
  init(capacity: Int) {
    self.capacity = capacity
    // calloc(3) maps pages of zeros, which the system provides when they are touched.
    guard let block = unsafe calloc(capacity, MemoryLayout<Connection>.stride) else {
      fatalError("out of memory for \(capacity) connections")
    }
    unsafe slots = block.bindMemory(to: Connection.self, capacity: capacity)
  }

  deinit {
    unsafe free(slots)
  }

  /// Bytes of heads, of requests behind a blocked answer and of answers that all connections hold.
  var heldByteCount: Int {
    var count = 0
    for number in 0..<Int32(usedCapacity) {
      count += self[number].input.count
      if let output = unsafe self[number].output { unsafe count += output.pointee.heldByteCount }
    }
    return count
  }

  /// The connection of descriptor `number`.
  @inline(always)
  subscript(number: Int32) -> Connection {
    unsafeAddress {
      precondition(number >= 0 && Int(number) < capacity)
      return unsafe UnsafePointer(slots + Int(number))
    }
    unsafeMutableAddress {
      precondition(number >= 0 && Int(number) < capacity)
      return unsafe slots + Int(number)
    }
  }

  /// Begins a connection at descriptor `number`; returns its generation.
  mutating func begin(_ number: Int32, deadline: Int64) -> UInt32 {
    precondition(self[number].state == .free)
    self[number].state = .reading
    self[number].deadline = deadline
    self[number].timesHead = true
    self[number].content = .unread
    self[number].isSecure = false
    self[number].requestCount = 0
    count += 1
    usedCapacity = max(usedCapacity, Int(number) + 1)
    return self[number].generation
  }

  /// Ends the connection at `number` and frees what it owns, the descriptor excepted.
  mutating func release(_ number: Int32) {
    precondition(self[number].state != .free)
    self[number].input.free()
    if let output = unsafe self[number].output {
      unsafe PendingOutput.free(output)
      unsafe self[number].output = nil
    }
    unsafe self[number].reader?.deallocate()
    unsafe self[number].reader = nil
    self[number].state = .free
    // 31 bits, so that the listeners' mark is never reached.
    self[number].generation = (self[number].generation &+ 1) & 0x7FFF_FFFF
    count -= 1
  }
}
