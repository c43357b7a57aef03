/// Where the bytes of every file will be, decided before any is read: so the reading can be done
/// by several threads, and nothing depends on which of them is faster.
struct BodyPlan {
  /// One file that will have a URL.
  struct File {
    /// The number of its record.
    let record: Int
    let version: FileVersion
    /// What the collector wrote down of it, if that is still the file: its number there.
    let collected: Int?
    /// Which of the plan's forms are this file's, smallest first.
    var forms: Range<Int>
  }

  /// A file as stored on disk in one coding.
  struct Form {
    /// The number of its record.
    let record: Int
    let coding: ContentCoding
    let byteCount: Int64
    var place = Place.disk
  }

  /// Where a form's bytes will be sent from.
  enum Place {
    /// From memory, into which they are to be read; the slice is of the arena.
    case memory(ByteSlice)
    /// From the same memory as the form with this number, which has the same content.
    case shared(Int)
    case disk
  }

  private(set) var files: [File] = []
  private(set) var forms: [Form] = []
  /// The forms to be read into memory.
  private(set) var reads: [Int] = []
  /// The bytes of memory that the plan takes, from `start` on.
  private(set) var byteCount = 0

  private let start: Int
  private let bodyInMemoryMax: Int64
  private let bodyMemoryMax: Int
  /// The bytes of bodies in memory, those of other plans included.
  private(set) var bodyByteCount: Int

  /// A plan without files whose memory begins at `start` of the arena.
  ///
  /// - Parameter bodyByteCount: the bytes of bodies that are in memory already.
  init(start: Int, bodyByteCount: Int, _ options: FileTable.Options) {
    self.start = start
    self.bodyByteCount = bodyByteCount
    bodyInMemoryMax = Int64(options.bodyInMemoryMax)
    // Slices reach 4 GiB; the last of them is for heads and paths.
    bodyMemoryMax = min(options.bodyMemoryMax, 3 << 30)
  }

  /// Makes room for `count` files in as many forms.
  mutating func reserveCapacity(_ count: Int) {
    files.reserveCapacity(count)
    forms.reserveCapacity(count)
    reads.reserveCapacity(count)
  }

  /// Adds a file with its forms.
  ///
  /// - Parameter twin: the number of a file that was added before and has the same content.
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
    // A byte more, by which a file shows that it has grown.
    byteCount += Int(form.byteCount) + 1
    return .memory(slot)
  }

  /// The form of file `twin` that is read into memory and has the bytes of `form`.
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

/// Finds the first file with a content by the digest that the collector wrote down.
///
/// Open addressing over file numbers: every digest is compared in whole, its hash only tells
/// where to look.
struct ContentIndex {
  /// The number of a file plus one; 0 is a free slot.
  private var slots: [Int32]

  /// An index for at most `count` files.
  init(count: Int) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    slots = Array(repeating: 0, count: capacity)
  }

  /// The first file that was added under `hash` and `isEqual` accepts; if there is none, `number`
  /// is added, and the result is nil.
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
