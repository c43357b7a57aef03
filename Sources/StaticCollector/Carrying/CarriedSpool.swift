internal import Glibc
internal import StaticAssets
internal import Synchronization

/// A private temporary directory for the larger carried files, so that memory does not grow with
/// their number.
///
/// It is removed when this object is deallocated.
final class CarriedSpool: Sendable {
  /// The largest content that is kept in memory, in bytes.
  private static let byteCountMax = 64 << 10

  private let directory: Directory
  private let parent: Directory
  private let name: BytePath
  private let next = Atomic<Int>(0)

  /// Creates the directory in TMPDIR or /tmp. mkdtemp(3)
  init() throws(FileError) {
    let place = Environment.path("TMPDIR") ?? "/tmp"
    let path = place.appending(BytePath("staticd-carried-XXXXXX"))
    var template = path.bytes.map { CChar(bitPattern: $0) } + [0]
    guard unsafe mkdtemp(&template) != nil else {
      throw FileError(operation: "make", path: path.description, code: errno)
    }
    let made = BytePath(template.dropLast().map { UInt8(bitPattern: $0) })
    name = made.lastComponent
    parent = try Directory(place, shownAs: place)
    directory = try Directory(made, shownAs: made)
  }

  /// Stores `bytes` and returns where they can be read.
  func keep(_ bytes: [UInt8]) throws(FileError) -> PlannedContent.Origin {
    guard bytes.count > Self.byteCountMax else { return .bytes(bytes) }
    let file = BytePath("\(next.add(1, ordering: .relaxed).newValue)")
    try directory.write(bytes, to: file, mode: Directory.FileMode(bits: 0o600))
    return .file(directory.path.appending(file))
  }

  deinit { try? parent.removeTree(name) }
}
