internal import Glibc

/// Directories whose files somebody else, such as an app, may name as its answer.
///
/// A file is looked at when it is named, so that what was stored a moment ago is found.
public struct NamedFiles: Sendable {
  /// One of the directories.
  public struct Directory: Equatable, Sendable {
    /// The URL path that stands for it; begins and ends with a slash.
    public let prefix: String
    /// Where it is.
    public let path: String

    /// The directory at `path`, which `prefix` stands for.
    public init(prefix: String, path: String) {
      precondition(prefix.hasPrefix("/") && prefix.hasSuffix("/"))
      self.prefix = prefix
      self.path = path
    }
  }

  /// Why a name has no file.
  public enum Refusal: Error, Equatable, Sendable {
    /// It leads into none of the directories.
    case outside
    /// It is no regular file that can be read, or a link leads out of its directory.
    case missing
    /// The system has no descriptor or no memory left.
    case exhausted
  }

  /// Whether there are none, so that every name is refused.
  public var isEmpty: Bool { directories.isEmpty }

  /// The longest prefix first, of equal ones the last given.
  private let directories: [Directory]

  /// The files of `directories`.
  public init(_ directories: [Directory]) {
    self.directories = directories.enumerated().sorted { first, second in
      let (length, other) = (first.element.prefix.utf8.count, second.element.prefix.utf8.count)
      return length == other ? first.offset > second.offset : length > other
    }.map(\.element)
  }

  /// The file with the URL path in `slice` of `bytes`, percent-encoded; a query is left out.
  ///
  /// - Parameters:
  ///   - slice: where the path stands.
  ///   - bytes: what it stands in.
  ///   - table: what tells the media types.
  public func file(
    at slice: ByteSlice,
    of bytes: Span<UInt8>,
    like table: FileTable
  ) throws(Refusal) -> FileTable {
    let end = bytes.firstIndex(of: UInt8(ascii: "?"), in: slice.range)
    guard let path = Self.decoded(bytes, slice.range.lowerBound..<end),
      let directory = directories.first(where: { path.starts(with: $0.prefix.utf8) })
    else { throw .outside }
    let name = path.dropFirst(directory.prefix.utf8.count)
    return try Self.open(name, below: FilePath(directory.path), like: table)
  }

  /// The file whose absolute path in the file system is in `slice` of `bytes`, percent-encoded.
  ///
  /// - Parameters:
  ///   - slice: where the path stands.
  ///   - bytes: what it stands in.
  ///   - table: what tells the media types.
  public func file(
    named slice: ByteSlice,
    of bytes: Span<UInt8>,
    like table: FileTable
  ) throws(Refusal) -> FileTable {
    guard let path = Self.decoded(bytes, slice.range) else { throw .outside }
    for directory in directories {
      let place = FilePath(directory.path)
      let start = place.absolute.appending(FilePath("")).bytes
      guard path.starts(with: start) else { continue }
      return try Self.open(path.dropFirst(start.count), below: place, like: table)
    }
    throw .outside
  }

  private static func decoded(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    var path = DecodedPath()
    guard path.decode(bytes, range) else { return nil }
    return (0..<path.count).map { path.bytes[$0] }
  }

  private static func open(
    _ name: ArraySlice<UInt8>,
    below directory: FilePath,
    like table: FileTable
  ) throws(Refusal) -> FileTable {
    let segments = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isPlain = segments.allSatisfy { segment in
      !segment.isEmpty && !segment.elementsEqual(".".utf8) && !segment.elementsEqual("..".utf8)
    }
    guard isPlain else { throw .missing }
    var options = FileTable.Options(maxAge: nil, allowsAllOrigins: false)
    options.mediaTypes = table.options.mediaTypes
    do throws(FileError) {
      let file = try Descriptor.open(FilePath(name), below: directory)
      return try FileTable.build(file: file, FilePath(name), options)
    } catch {
      switch error.code {
      case EMFILE, ENFILE, ENOMEM, EIO: throw .exhausted
      default: throw .missing
      }
    }
  }
}

extension FileTable {
  /// A table of one open file, which has no URL.
  fileprivate static func build(
    file: consuming Descriptor,
    _ name: FilePath,
    _ options: Options
  ) throws(FileError) -> FileTable {
    var builder = FileTableBuilder(options, [:], 1)
    try builder.addOnly(file, name)
    return FileTable(builder.finish())
  }

  /// The answer to a GET or HEAD for the file of a table that `NamedFiles` has made; its body, if
  /// it has one, is of file 0 or in memory, and whole where several ranges were asked for.
  ///
  /// - Parameters:
  ///   - head: a parsed request, whatever its target.
  ///   - bytes: the buffer that `head` was parsed from.
  public func planOnlyFile(for head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan {
    guard let fallback else { preconditionFailure("only tables of one file have this") }
    let plan = plan(for: head, in: bytes, fallback)
    guard case .parts = plan.body else { return plan }
    return self.plan(for: RequestHead(), in: bytes, fallback)
  }
}

extension FileTableBuilder {
  /// Makes an open file what the table answers with, without a URL.
  fileprivate mutating func addOnly(
    _ file: consuming Descriptor,
    _ name: FilePath
  ) throws(FileError) {
    let status = try file.status(of: name)
    guard status.isRegular else {
      throw FileError(operation: "read", path: name.description, code: EINVAL)
    }
    let version = FileVersion(status)
    let fields = HeadWriter.Fields(
      contentType: rules.decide(name, isHashed: false, knownType: []).contentType,
      cacheControl: [],
      varies: false,
      lastModified: texts.lastModified(version),
      entityTag: version.entityTag,
      byteCount: version.byteCount,
      coding: .identity
    )
    contents.storedFiles.append(
      StoredFile(directory: -1, name: .none, descriptor: file.release(), version: version)
    )
    let body = BodySource.file(number: 0, offset: 0, byteCount: version.byteCount)
    contents.representations.append(representation(fields, body))
    contents.fallback = FileEntry(
      path: .none,
      firstRepresentation: 0,
      representationCount: 1,
      modified: version.toldModified
    )
  }
}
