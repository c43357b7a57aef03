internal import Synchronization

/// The responses of a table that adapters have converted to their framework's types, found without
/// a lock.
///
/// A hash table of a fixed size with linear probing; entries are never removed. A response that
/// finds no free slot is converted for each request.
///
/// Unsafe invariant: `slots` points to `slotCount` slots from `init` to `deinit`. A slot is empty
/// until an entry is stored in it; it owns that entry until `deinit`. An entry that was loaded from
/// a slot is therefore valid for the lifetime of this object.
@safe final class PreparedResponses: @unchecked Sendable {
  private final class Entry: Sendable {
    let key: PreparedResponseKey
    let value: any AnyObject & Sendable

    init(_ key: PreparedResponseKey, _ value: any AnyObject & Sendable) {
      self.key = key
      self.value = value
    }
  }

  /// The number of slots that are probed for a key.
  private static let probeCountMax = 32

  /// A power of two.
  private let slotCount: Int
  private let slots: UnsafeMutablePointer<Atomic<Unmanaged<Entry>?>>

  /// Room for about `count` responses.
  init(count: Int) {
    slotCount = 1 << (Int.bitWidth - max(32, 2 * count - 1).leadingZeroBitCount)
    unsafe slots = .allocate(capacity: slotCount)
    for index in 0..<slotCount { unsafe (slots + index).initialize(to: Atomic(nil)) }
  }

  deinit {
    for index in 0..<slotCount {
      if let entry = unsafe slots[index].load(ordering: .relaxed) { unsafe entry.release() }
    }
    unsafe slots.deinitialize(count: slotCount)
    unsafe slots.deallocate()
  }

  /// The response for `key`; `prepare` makes it if there is none.
  ///
  /// Threads that make the same one at the same time all get that of the first to store it.
  func value<Prepared: AnyObject & Sendable>(
    for key: PreparedResponseKey,
    preparedBy prepare: () -> Prepared
  ) -> Prepared {
    var index = key.hash & (slotCount - 1)
    var own: Prepared?
    for _ in 0..<Self.probeCountMax {
      if let entry = unsafe slots[index].load(ordering: .acquiring) {
        if let value = unsafe Self.value(of: entry, for: key, as: Prepared.self) { return value }
      } else {
        let prepared = own ?? prepare()
        let entry = unsafe Unmanaged.passRetained(Entry(key, prepared))
        let (isStored, other) = unsafe slots[index].compareExchange(
          expected: nil,
          desired: entry,
          ordering: .acquiringAndReleasing
        )
        if isStored { return prepared }
        unsafe entry.release()
        own = prepared
        if let other = unsafe other,
          let value = unsafe Self.value(of: other, for: key, as: Prepared.self)
        {
          return value
        }
      }
      index = (index + 1) & (slotCount - 1)
    }
    return own ?? prepare()
  }

  /// The value of `entry` if that has the key.
  private static func value<Prepared: AnyObject & Sendable>(
    of entry: Unmanaged<Entry>,
    for key: PreparedResponseKey,
    as type: Prepared.Type
  ) -> Prepared? {
    unsafe entry._withUnsafeGuaranteedRef { entry in
      guard entry.key == key else { return nil }
      // The class is a part of the key.
      return unsafe unsafeDowncast(entry.value, to: Prepared.self)
    }
  }
}

/// Identifies a prepared response of a table.
struct PreparedResponseKey: Equatable {
  /// The class of the prepared response.
  private let type: ObjectIdentifier
  /// The offset of the head, unique to a response.
  private let head: UInt32
  /// Whether the body is missing, as for HEAD.
  private let lacksBody: Bool

  /// - Returns: nil when the response depends on the request.
  init?(_ plan: ResponsePlan, _ type: (some AnyObject).Type) {
    guard plan.completion == .none else { return nil }
    if case .parts = plan.body { return nil }
    self.type = ObjectIdentifier(type)
    head = plan.head.bytes.offset
    lacksBody = plan.body == .none
  }

  /// Never negative.
  fileprivate var hash: Int {
    let own = UInt64(head) << 1 | (lacksBody ? 1 : 0)
    // Both inputs differ in their low bits; the multiplications move the differences to the high
    // bits.
    let classBits = UInt64(UInt(bitPattern: type)) &* 0x9E37_79B9_7F4A_7C15
    return Int(((own &+ classBits >> 17) &* 0xFF51_AFD7_ED55_8CCD) >> 33)
  }
}
