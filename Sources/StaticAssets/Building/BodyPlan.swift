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
    let manifestIndex: Int?
    /// The range of the file's variants in `variants`, smallest first.
    var variants: Range<Int>
  }

  /// A stored representation of a file: its bytes in one content coding.
  struct Variant {
    /// The index of its record.
    let record: Int
    let coding: ContentCoding
    let byteCount: Int64
    var placement = Placement.disk
  }

  /// Where a variant's body is sent from.
  enum Placement {
    /// Memory: the file is read into this slice of the arena.
    case memory(ByteSlice)
    /// The memory of another variant with the same content; the value is that variant's index.
    case shared(Int)
    case disk
    /// A file that is opened for each response, until a table has read it into memory.
    case deferred
  }

  private(set) var files: [File] = []
  private(set) var variants: [Variant] = []
  /// The indices of the variants to be read into memory.
  private(set) var reads: [Int] = []
  /// Bytes of the arena that this plan reserves, from `start` on.
  private(set) var byteCount = 0

  private let start: Int
  private let bodyByteCountBefore: Int
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
    bodyByteCountBefore = bodyByteCount
    bodyInMemoryMax = Int64(options.bodyInMemoryMax)
    bodyMemoryMax = options.tableBodyMemoryMax
  }

  /// Reserves capacity for `count` files with one variant each.
  mutating func reserveCapacity(_ count: Int) {
    files.reserveCapacity(count)
    variants.reserveCapacity(count)
    reads.reserveCapacity(count)
  }

  /// Defers all bodies to a later table, which reads them.
  mutating func deferBodies() {
    for number in variants.indices { variants[number].placement = .deferred }
    reads = []
    byteCount = 0
    bodyByteCount = bodyByteCountBefore
  }

  /// Adds a file with its variants.
  ///
  /// - Parameter duplicate: the index of an earlier file with the same content; nil if there is
  ///   none.
  mutating func add(_ file: File, _ added: [Variant], duplicate: Int?) {
    let first = variants.count
    for variant in added {
      var variant = variant
      variant.placement = placement(variant, duplicate: duplicate)
      if case .memory = variant.placement { reads.append(variants.count) }
      variants.append(variant)
    }
    var file = file
    file.variants = first..<variants.count
    files.append(file)
  }

  private mutating func placement(_ variant: Variant, duplicate: Int?) -> Placement {
    if let duplicate, let shared = sharedVariant(variant, duplicate) { return .shared(shared) }
    guard variant.byteCount <= bodyInMemoryMax,
      bodyByteCount + Int(variant.byteCount) <= bodyMemoryMax
    else { return .disk }
    let slot = ByteSlice(offset: start + byteCount, count: Int(variant.byteCount))
    bodyByteCount += Int(variant.byteCount)
    // One extra byte: if the file has grown, reading fills it.
    byteCount += Int(variant.byteCount) + 1
    return .memory(slot)
  }

  /// The variant of file `duplicate` that is read into memory and has the bytes of `variant`.
  private func sharedVariant(_ variant: Variant, _ duplicate: Int) -> Int? {
    for number in files[duplicate].variants {
      let other = variants[number]
      guard other.coding == variant.coding, other.byteCount == variant.byteCount else { continue }
      switch other.placement {
      case .memory: return number
      case .shared(let first): return first
      case .disk, .deferred: return nil
      }
    }
    return nil
  }
}
