#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Directories with files that an app may select in its response (`X-Accel-Redirect`,
/// `X-Sendfile`).
///
/// A file is opened when a response names it, so a newly stored file is found.
package struct NamedFiles: Sendable {
  /// One directory and its URL path.
  package struct Directory: Equatable, Sendable {
    /// The URL path of the directory; begins and ends with a slash.
    package let prefix: String
    /// The path of the directory in the file system.
    package let path: String

    /// The directory at `path`; `prefix` begins and ends with a slash.
    package init(prefix: String, path: String) {
      self.prefix = prefix
      self.path = path
    }
  }

  /// The reason why a name is refused.
  package enum Refusal: Error, Equatable, Sendable {
    /// The name is below none of the directories.
    case outside
    /// There is no readable regular file of this name, or a symbolic link leads out of the
    /// directory.
    case missing
    /// No descriptor or memory is free, or the disk reports an error.
    case exhausted
  }

  /// Whether there are no directories, so that every name is refused.
  package var isEmpty: Bool { directories.isEmpty }

  /// Sorted: the longest prefix first; of equal ones the last given.
  private let directories: [Directory]

  /// Allows the files below `directories`.
  package init(_ directories: [Directory]) {
    self.directories = directories.enumerated().sorted { first, second in
      let (length, other) = (first.element.prefix.utf8.count, second.element.prefix.utf8.count)
      return length == other ? first.offset > second.offset : length > other
    }.map(\.element)
  }

  /// Opens the file with the percent-encoded URL path in `slice` of `bytes`; a query is ignored.
  ///
  /// - Parameters:
  ///   - slice: the position of the path in `bytes`.
  ///   - bytes: the buffer that holds the path.
  ///   - table: provides the media types.
  /// - Returns: a table of this one file, for `planOnlyFile`.
  /// - Throws: `Refusal`.
  package func file(
    at slice: ByteSlice,
    of bytes: Span<UInt8>,
    like table: FileTable
  ) throws(Refusal) -> FileTable {
    let end = bytes.firstIndex(of: UInt8(ascii: "?"), in: slice.range)
    guard let path = Self.decoded(bytes, slice.range.lowerBound..<end),
      let directory = directories.first(where: { path.starts(with: $0.prefix.utf8) })
    else { throw .outside }
    let name = path.dropFirst(directory.prefix.utf8.count)
    return try Self.open(name, below: BytePath(directory.path), like: table)
  }

  /// Opens the file with the percent-encoded absolute file system path in `slice` of `bytes`.
  ///
  /// - Parameters:
  ///   - slice: the position of the path in `bytes`.
  ///   - bytes: the buffer that holds the path.
  ///   - table: provides the media types.
  /// - Returns: a table of this one file, for `planOnlyFile`.
  /// - Throws: `Refusal`.
  package func file(
    named slice: ByteSlice,
    of bytes: Span<UInt8>,
    like table: FileTable
  ) throws(Refusal) -> FileTable {
    guard let path = Self.decoded(bytes, slice.range) else { throw .outside }
    for directory in directories {
      let directoryPath = BytePath(directory.path)
      let start = directoryPath.absolute.appending(BytePath("")).bytes
      guard path.starts(with: start) else { continue }
      return try Self.open(path.dropFirst(start.count), below: directoryPath, like: table)
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
    below directory: BytePath,
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
      let file = try Descriptor.open(BytePath(name), below: directory)
      return try FileTable(file: file, BytePath(name), options)
    } catch {
      switch error.code {
      case EMFILE, ENFILE, ENOMEM, EIO: throw .exhausted
      default: throw .missing
      }
    }
  }
}

extension FileTable {
  /// A table of one open file, without a URL.
  fileprivate convenience init(
    file: consuming Descriptor,
    _ name: BytePath,
    _ options: Options
  ) throws(FileError) {
    var builder = FileTableBuilder(options, [:], 1)
    try builder.addSingleFile(file, name)
    self.init(builder.finish())
  }

  /// The response to a GET or HEAD for the only file of a table that `NamedFiles` returned.
  ///
  /// The body is stored file 0 or in memory. A request for several ranges gets the whole file.
  ///
  /// - Parameters:
  ///   - head: a parsed request; its target is ignored.
  ///   - bytes: the buffer that `head` was parsed from.
  package func planOnlyFile(for head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan {
    guard let onlyFile else { preconditionFailure("the table is not a result of `NamedFiles`") }
    let plan = plan(for: head, in: bytes, onlyFile)
    guard case .parts = plan.body else { return plan }
    return self.plan(for: RequestHead(), in: bytes, onlyFile)
  }
}

extension FileTableBuilder {
  /// Adds an open file as the table's only entry, without a URL.
  fileprivate mutating func addSingleFile(
    _ file: consuming Descriptor,
    _ name: BytePath
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
      lastModified: fieldValues.lastModified(version.lastModifiedSeconds),
      entityTag: version.entityTag,
      byteCount: version.byteCount,
      coding: .identity
    )
    addOnlyFile(
      file,
      fields,
      byteCount: version.byteCount,
      version,
      modified: version.lastModifiedSeconds
    )
  }

  /// Adds an open file that is the table's only one and has no URL.
  mutating func addOnlyFile(
    _ file: consuming Descriptor,
    _ fields: HeadWriter.Fields,
    byteCount: Int64,
    _ version: FileVersion?,
    modified: Int64?
  ) {
    contents.storedFiles.append(
      StoredFile(
        directory: -1,
        name: .none,
        descriptor: file.release(),
        byteCount: byteCount,
        version: version
      )
    )
    let body = BodySource.file(number: 0, offset: 0, byteCount: byteCount)
    contents.representations.append(representation(fields, body))
    contents.onlyFile = FileEntry(
      path: .none,
      firstRepresentation: 0,
      representationCount: 1,
      preflight: preflight(fields.extra),
      modified: modified
    )
  }
}
