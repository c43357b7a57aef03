internal import Glibc

/// The operator's page for an error.
struct ErrorPage {
  /// The value of `Content-Type`.
  let contentType: [UInt8]
  let body: [UInt8]

  /// The pages that `options` name.
  static func load(
    _ options: FileTable.Options
  ) throws(AssetError) -> [ResponseStatus: ErrorPage] {
    let mediaTypes = MediaTypeTable(options.mediaTypes)
    var pages: [ResponseStatus: ErrorPage] = [:]
    for (status, name) in options.errorPages {
      precondition(FileTable.Options.pageStatuses.contains(status), "see `pageStatuses`")
      let path = FilePath(name)
      pages[status] = ErrorPage(
        contentType: mediaTypes.contentType(of: path, known: []),
        body: try read(path)
      )
    }
    return pages
  }

  private static func read(_ path: FilePath) throws(AssetError) -> [UInt8] {
    let byteCountMax = FileTable.Options.errorPageByteCountMax
    let body: [UInt8]
    do throws(FileError) {
      let file = try Descriptor.open(path, flags: FileFlags.read)
      body = try file.readStart(byteCountMax + 1, path: path)
    } catch {
      throw .unreadable(error)
    }
    guard body.count <= byteCountMax else { throw .largePage(path: path.description) }
    return body
  }
}

/// The page of a single-page app.
extension FileTableBuilder {
  /// Loads the file at `path` as what is sent for pages that have no file.
  mutating func addFallback(_ path: FilePath) throws(AssetError) {
    do throws(FileError) {
      begin(try ScannedMount(file: path))
      planFiles()
      readBodies()
      contents.fallback = plan.files.first.flatMap { load($0) }
      guard contents.fallback != nil else {
        throw FileError(operation: "read", path: path.description, code: EACCES)
      }
    } catch {
      throw .unreadable(error)
    }
  }
}
