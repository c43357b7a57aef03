/// The memory location of every body, decided before any file is read.
///
/// Several threads can then read the files in any order, and the table does not depend on the
/// order.
struct BodyPlan {
  /// One file that gets a URL.
  struct File {
    /// The index of its record.
    let record: Int
    let version: FileVersion
    /// The index of its entry in `staticd.json`; nil when there is none or the file has changed
    /// since.
    let collected: Int?
    /// The range of the file's variants in `variants`, smallest first.
    var forms: Range<Int>
  }

  /// A stored representation of a file: its bytes in one content coding.
  struct Form {
    /// The index of its record.
    let record: Int
    let coding: ContentCoding
    let byteCount: Int64
    var place = Place.disk
  }

  /// Where a variant's body is sent from.
  enum Place {
    /// Memory: the file is read into this slice of the arena.
    case memory(ByteSlice)
    /// The memory of another variant with the same content; the value is that variant's index.
    case shared(Int)
    case disk
  }

  private(set) var files: [File] = []
  private(set) var forms: [Form] = []
  /// The indices of the variants to be read into memory.
  private(set) var reads: [Int] = []
  /// Bytes of the arena that this plan reserves, from `start` on.
  private(set) var byteCount = 0

  private let start: Int
  private let bodyInMemoryMax: Int64
  private let bodyMemoryMax: Int
  /// Bytes of all bodies in memory, including those of earlier plans.
  private(set) var bodyByteCount: Int

  /// An empty plan whose memory begins at offset `start` of the arena.
  ///
  /// - Parameter bodyByteCount: bytes of bodies that are in memory already.
  init(start: Int, bodyByteCount: Int, _ options: FileTable.Options) {
    self.start = start
    self.bodyByteCount = bodyByteCount
    bodyInMemoryMax = Int64(options.bodyInMemoryMax)
    // A slice's offset reaches 4 GiB; the last GiB is left for heads and paths.
    bodyMemoryMax = min(options.bodyMemoryMax, 3 << 30)
  }

  /// Reserves capacity for `count` files with one variant each.
  mutating func reserveCapacity(_ count: Int) {
    files.reserveCapacity(count)
    forms.reserveCapacity(count)
    reads.reserveCapacity(count)
  }

  /// Adds a file with its variants.
  ///
  /// - Parameter duplicate: the index of an earlier file with the same content; nil if there is
  ///   none.
  mutating func add(_ file: File, _ added: [Form], twin: Int?) {
    let first = forms.count
    for form in added {
      var form = form
      form.place = place(form, twin: twin)
      if case .memory = form.place { reads.append(forms.count) }
      forms.append(form)
    }
    var file = file
    file.forms = first..<forms.count
    files.append(file)
  }

  private mutating func place(_ form: Form, twin: Int?) -> Place {
    if let twin, let shared = sharedForm(form, twin) { return .shared(shared) }
    guard form.byteCount <= bodyInMemoryMax,
      bodyByteCount + Int(form.byteCount) <= bodyMemoryMax
    else { return .disk }
    let slot = ByteSlice(offset: start + byteCount, count: Int(form.byteCount))
    bodyByteCount += Int(form.byteCount)
    // One extra byte: if the file has grown, reading fills it.
    byteCount += Int(form.byteCount) + 1
    return .memory(slot)
  }

  /// The variant of file `duplicate` that is read into memory and has the bytes of `variant`.
  private func sharedForm(_ form: Form, _ twin: Int) -> Int? {
    for number in files[twin].forms {
      let other = forms[number]
      guard other.coding == form.coding, other.byteCount == form.byteCount else { continue }
      switch other.place {
      case .memory: return number
      case .shared(let first): return first
      case .disk: return nil
      }
    }
    return nil
  }
}

/// Finds the first file with a given content, by the digest in `staticd.json`.
///
/// A hash table with open addressing over file indices. The hash selects the slot; the caller
/// compares the whole digest.
struct ContentIndex {
  /// The index of a file plus one; 0 is a free slot.
  private var slots: [Int32]

  /// An index for at most `count` files.
  init(count: Int) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    slots = Array(repeating: 0, count: capacity)
  }

  /// Returns the first file that was added under `hash` and that `isEqual` accepts; if there is
  /// none, adds `number` and returns nil.
  mutating func findOrAdd(_ number: Int, hash: UInt64, isEqual: (Int) -> Bool) -> Int? {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let found = Int(slots[slot]) - 1
      if isEqual(found) { return found }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(number + 1)
    return nil
  }
}
