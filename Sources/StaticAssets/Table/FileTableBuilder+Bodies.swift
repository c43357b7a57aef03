internal import Glibc

/// Making the bytes of planned forms available.
extension FileTableBuilder {
  /// Reads what is to be held in memory; returns the forms that could not be read.
  mutating func readBodies() -> [Int: BodyReader.Failure] {
    let failures = BodyReader.read(
      plan,
      records,
      of: names,
      in: contents.root.number,
      threadCountMax: threadCountMax,
      into: &contents.arena
    )
    return Dictionary(failures.map { ($0.form, $0) }) { first, _ in first }
  }

  /// Where the bytes of form `number` are; nil, with a warning, when they cannot be had.
  mutating func body(_ number: Int, _ failures: [Int: BodyReader.Failure]) -> BodySource? {
    let form = plan.forms[number]
    switch form.place {
    case .memory(let slot):
      guard let failure = failures[number] else { return .memory(slot) }
      warn(failure.error, form)
      return nil
    case .shared(let first):
      if case .memory(let slot) = plan.forms[first].place, failures[first] == nil {
        return .memory(slot)
      }
      return tried(form) { (builder) throws(FileError) in try builder.readAlone(form) }
    case .disk:
      return tried(form) { (builder) throws(FileError) in try builder.keepOnDisk(form) }
    }
  }

  /// What `load` makes of `form`; nil, with a warning, when it fails.
  private mutating func tried(
    _ form: BodyPlan.Form,
    _ load: (inout FileTableBuilder) throws(FileError) -> BodySource?
  ) -> BodySource? {
    do throws(FileError) {
      if let body = try load(&self) { return body }
      warn(nil, form)
    } catch {
      warn(error, form)
    }
    return nil
  }

  /// Tells why `form` is not served.
  ///
  /// - Parameter error: nil when the file has another length than was expected.
  private mutating func warn(_ error: FileError?, _ form: BodyPlan.Form) {
    let record = records[form.record]
    if let error {
      warn("\(self.error(error.operation, record.scanned.path, error.code)); not served")
    } else if record.version != nil {
      warn("'\(shown(record.scanned.path))' changed while it was read; not served")
    }
    // Else the size was the manifest's: a coding that was not made by the collector.
  }

  /// Reads a form whose bytes should have been those of another one that could not be read.
  private mutating func readAlone(_ form: BodyPlan.Form) throws(FileError) -> BodySource? {
    let name = names[records[form.record].scanned.path]
    let file = try Descriptor.open(name, in: contents.root.number, flags: FileFlags.read)
    let body = try contents.arena.append(fileAt: name, file, count: Int(form.byteCount))
    return body.map { .memory($0) }
  }

  private mutating func keepOnDisk(_ form: BodyPlan.Form) throws(FileError) -> BodySource? {
    let name = names[records[form.record].scanned.path]
    guard let descriptor = try keepOpen(name, byteCount: form.byteCount) else { return nil }
    contents.storedFiles.append(
      StoredFile(
        name: contents.arena.append(name.bytes + [0]),
        descriptor: descriptor,
        byteCount: form.byteCount
      )
    )
    let number = contents.storedFiles.count - 1
    return .file(number: number, offset: 0, byteCount: form.byteCount)
  }

  /// An open descriptor of a file, -1 when there are enough of them; nil when the file is not of
  /// `byteCount` bytes.
  private mutating func keepOpen(
    _ name: FilePath,
    byteCount: Int64
  ) throws(FileError) -> Int32? {
    do throws(FileError) {
      let file = try Descriptor.open(name, in: contents.root.number, flags: FileFlags.read)
      guard try file.status(of: name).byteCount == byteCount else { return nil }
      guard openFileCount < options.openFilesMax else { return -1 }
      openFileCount += 1
      return file.release()
    } catch {
      guard error.code == EMFILE || error.code == ENFILE else { throw error }
      let status = try FileStatus.of(name, in: contents.root.number)
      return status.byteCount == byteCount ? -1 : nil
    }
  }
}
