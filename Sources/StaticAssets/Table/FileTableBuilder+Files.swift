internal import Glibc

extension FileTableBuilder {
  /// Adds every file of the mount that is not just another file in a coding.
  mutating func addFiles() throws(AssetError) {
    for file in scanned {
      if !isVariant(file.name) { try add(file) } else if kind == .public { conceal(file) }
    }
  }

  /// Makes the URL of a stored coding a 404 where an unknown one would be somebody else's.
  private mutating func conceal(_ file: ScannedFile) {
    let path = contents.arena.append(prefix + file.name.bytes)
    contents.entries.append(
      FileEntry(path: path, firstRepresentation: 0, representationCount: 0, kind: .absent)
    )
  }

  /// Whether `name` is a stored coding of another file: then it has no URL of its own.
  private func isVariant(_ name: FilePath) -> Bool {
    guard let (original, _) = Self.split(name), statuses[original] != nil else { return false }
    // `data.tar.gz` beside `data.tar` is a file of its own if it was collected as one.
    return manifests.collected[name] == nil
  }

  /// The name without the suffix of a coding; nil when it has none.
  private static func split(_ name: FilePath) -> (FilePath, ContentCoding)? {
    for coding in Self.storedCodings where name.hasSuffix(coding.fileSuffix) {
      return (FilePath(name.bytes.dropLast(coding.fileSuffix.utf8.count)), coding)
    }
    return nil
  }

  /// The codings that stand beside a file.
  private static let storedCodings = [ContentCoding.brotli, .zstandard, .gzip]

  private mutating func add(_ file: ScannedFile) throws(AssetError) {
    guard let entry = load(file) else { return }
    guard contents.arena.byteCount < UInt32.max else { throw .tooLarge(root: root.description) }
    contents.fileCount += 1
    if isIndex(file.name) {
      addIndex(entry, file)
    } else {
      add(entry, at: file.name.bytes)
    }
  }

  /// Gives `entry` the URL of `name` below the mount's prefix.
  mutating func add(_ entry: FileEntry, at name: [UInt8]) {
    var entry = entry
    entry.path = contents.arena.append(prefix + name)
    contents.entries.append(entry)
  }

  /// Loads `file` in all its forms; nil, with a warning, when it cannot be served.
  mutating func load(_ file: ScannedFile) -> FileEntry? {
    guard isText(file.name) else {
      warn("'\(root.appending(file.name))' is not named in UTF-8; not served")
      return nil
    }
    let forms = forms(of: file)
    let decision = decision(about: file)
    let first = contents.representations.count
    for form in forms {
      guard let body = load(form) else {
        // Without its bytes as they are a file cannot be served; without a coding it can.
        if form.name == file.name {
          contents.representations.removeSubrange(first...)
          return nil
        }
        continue
      }
      contents.representations.append(
        representation(form, body, varies: forms.count > 1, of: file, decision)
      )
    }
    return FileEntry(
      path: .none,
      firstRepresentation: Int32(first),
      representationCount: Int32(contents.representations.count - first),
      modified: file.modified
    )
  }

  /// The file as stored on disk in one coding.
  private struct Form {
    let name: FilePath
    let coding: ContentCoding
    let byteCount: Int64
    /// The digest of the original's content if a manifest knows it.
    let sha256: [UInt8]
  }

  /// The forms in which `file` can be sent, smallest first.
  private mutating func forms(of file: ScannedFile) -> [Form] {
    let known = known(file)
    var forms = [
      Form(
        name: file.name,
        coding: ownCoding(of: file.name),
        byteCount: file.status.byteCount,
        sha256: known?.sha256 ?? []
      )
    ]
    // What is compressed already would have to be decoded twice.
    guard forms[0].coding == .identity else { return forms }
    for coding in Self.storedCodings {
      let name = file.name.appending(suffix: coding.fileSuffix)
      guard let status = statuses[name], manifests.collected[name] == nil else { continue }
      // A coding that does not save anything, or that was made of an older content, is left out.
      guard status.byteCount > 0, status.byteCount < file.status.byteCount else { continue }
      // The collector writes no zstd; somebody else's is judged by its time.
      if let known, coding != .zstandard || known.codings[name] != nil {
        guard known.codings[name] == status.byteCount else { continue }
      } else {
        guard status.modified >= file.status.modified else { continue }
      }
      guard coding != .zstandard || isDecodable(name) else { continue }
      let sha256 = known?.sha256 ?? []
      forms.append(
        Form(name: name, coding: coding, byteCount: status.byteCount, sha256: sha256)
      )
    }
    return forms.sorted { $0.byteCount < $1.byteCount }
  }

  /// The coding that a file has by its very name: `.svgz` is SVG compressed with gzip.
  ///
  /// It is sent with `Content-Encoding` to every client, as Apache's `AddEncoding` does: there is
  /// no other form, and RFC 9110 §12.5.3 lets a server send one that was not asked for.
  private func ownCoding(of name: FilePath) -> ContentCoding {
    let suffix = name.bytes.suffix(5).map { $0 | 0x20 }
    return suffix.elementsEqual(".svgz".utf8) ? .gzip : .identity
  }

  /// Whether clients must be able to decode the zstd file `name`; tells if not.
  private mutating func isDecodable(_ name: FilePath) -> Bool {
    let path = root.appending(name)
    do throws(FileError) {
      let file = try Descriptor.open(name, in: directory, flags: FileFlags.read)
      if ZstandardFrame.isForWeb(try file.readStart(ZstandardFrame.headByteCountMax, path: path)) {
        return true
      }
      warn("'\(path)' is no zstd with a window of at most 8 MiB; not served")
    } catch {
      warn("\(error); not served")
    }
    return false
  }

  /// What the collector wrote down of `file`, if that is still the file.
  private func known(_ file: ScannedFile) -> CollectedManifest.File? {
    guard let known = manifests.collected[file.name], known.byteCount == file.status.byteCount
    else {
      return nil
    }
    return known
  }

  /// Makes the bytes of `form` available; nil, with a warning, when they cannot be read.
  private mutating func load(_ form: Form) -> BodySource? {
    let inMemory =
      form.byteCount <= options.bodyInMemoryMax
      && bodyByteCount + Int(form.byteCount) <= options.bodyMemoryMax
    do throws(FileError) {
      return inMemory ? try loadIntoMemory(form) : try keepOnDisk(form)
    } catch {
      warn("\(error); not served")
      return nil
    }
  }

  private mutating func loadIntoMemory(_ form: Form) throws(FileError) -> BodySource? {
    let key = BodyKey(sha256: form.sha256, byteCount: form.byteCount, coding: form.coding)
    if !form.sha256.isEmpty, let body = bodiesByDigest[key] { return .memory(body) }
    let path = root.appending(form.name)
    let file = try Descriptor.open(
      form.name,
      in: directory,
      flags: FileFlags.read
    )
    let count = Int(form.byteCount)
    guard let body = try contents.arena.append(fileAt: path, file, count: count) else {
      warn("'\(path)' changed while it was read; not served")
      return nil
    }
    bodyByteCount += count
    if !form.sha256.isEmpty { bodiesByDigest[key] = body }
    return .memory(body)
  }

  private mutating func keepOnDisk(_ form: Form) throws(FileError) -> BodySource {
    contents.storedFiles.append(
      StoredFile(
        directory: directory,
        name: contents.arena.append(form.name.bytes + [0]),
        descriptor: try keepOpen(form.name),
        byteCount: form.byteCount
      )
    )
    return .file(
      number: contents.storedFiles.count - 1,
      offset: 0,
      byteCount: form.byteCount
    )
  }

  /// An open descriptor of a file; -1 when there are enough of them.
  private mutating func keepOpen(_ name: FilePath) throws(FileError) -> Int32 {
    do throws(FileError) {
      let file = try Descriptor.open(name, in: directory, flags: FileFlags.read)
      guard openFileCount < options.openFilesMax else { return -1 }
      openFileCount += 1
      return file.release()
    } catch {
      guard error.code == EMFILE || error.code == ENFILE else { throw error }
      return -1
    }
  }

  private mutating func representation(
    _ form: Form,
    _ body: BodySource,
    varies: Bool,
    of file: ScannedFile,
    _ decision: FileRules.Decision
  ) -> Representation {
    let fields = HeadWriter.Fields(
      contentType: decision.contentType,
      cacheControl: decision.cacheControl,
      varies: varies,
      lastModified: file.lastModified,
      entityTag: entityTag(form, of: file),
      byteCount: form.byteCount,
      coding: form.coding,
      more: decision.fields
    )
    let head = heads.ok(fields, in: &contents.arena)
    return Representation(
      coding: form.coding,
      body: body,
      byteCount: form.byteCount,
      entityTag: head.entityTag,
      contentType: head.contentType,
      okHead: head.ok,
      partialHead: head.partial,
      notModifiedHead: heads.notModified(fields, in: &contents.arena)
    )
  }

  private func decision(about file: ScannedFile) -> FileRules.Decision {
    rules.decide(
      file.name,
      isHashed: manifests.hashedNames.contains(file.name),
      knownType: known(file)?.contentType ?? []
    )
  }

  /// `"<64 bits of the content's SHA-256>"`, or `"<time>-<size>"` where the content is unknown;
  /// then the coding, so that each representation has a tag of its own (RFC 9110 §8.8.3.3).
  private func entityTag(_ form: Form, of file: ScannedFile) -> [UInt8] {
    var text: [UInt8]
    if form.sha256.isEmpty {
      let time = String(file.status.modified, radix: 16)
      text = Array("\"\(time)-\(String(file.status.byteCount, radix: 16))".utf8)
    } else {
      text = [UInt8(ascii: "\"")] + form.sha256.prefix(16)
    }
    if form.coding != .identity { text += Array("-\(form.coding.token)".utf8) }
    text.append(UInt8(ascii: "\""))
    return text
  }

  private func isText(_ name: FilePath) -> Bool {
    String(validating: name.bytes, as: UTF8.self) != nil
  }

  mutating func warn(_ text: String) {
    contents.warnings.append(text)
  }
}

extension ScannedFile {
  /// Seconds since 1970; nil where the time says nothing, as in images that are built
  /// reproducibly, which have the epoch or a second after it.
  var modified: Int64? {
    status.modified > 1 && status.modified <= HTTPDate.latest ? status.modified : nil
  }

  /// The time as an IMF-fixdate; empty where it says nothing.
  var lastModified: [UInt8] {
    guard let modified else { return [] }
    let date = HTTPDate.format(modified)
    return date.indices.map { date[$0] }
  }
}
