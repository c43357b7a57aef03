#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The fallbacks of single-page apps, and the other routes.
extension FileTableBuilder {
  /// Adds the routes in the options: app and upstream paths, redirects and fallbacks.
  ///
  /// - Throws: `AssetError.unreadable` when a fallback cannot be read.
  mutating func addRoutes() throws(AssetError) {
    contents.routes.appPaths = options.appPaths.map { contents.arena.append($0.utf8) }
    contents.routes.plainUpstream = options.upstreamPaths.firstIndex(of: "/") ?? -1
    for (number, path) in options.upstreamPaths.enumerated() where path != "/" {
      let prefix = contents.arena.append(path.utf8)
      contents.routes.upstreams.append(Routes.Upstream(prefix: prefix, number: number))
    }
    addRedirects()
    guard !options.fallbacks.isEmpty else { return }
    contents.routes.extensions = FileExtensions.numbers(options.mediaTypes)
    for (number, fallback) in options.fallbacks.enumerated() {
      let entry = try addPage(fallback)
      let prefix = contents.arena.append((fallback.path ?? "").utf8)
      let page = Routes.Page(prefix: prefix, entry: entry, number: number, order: fallback.order)
      if fallback.path == nil {
        contents.routes.plainPage = page
      } else {
        contents.routes.pages.append(page)
      }
    }
  }

  private mutating func addRedirects() {
    let policy = CachePolicy.maxAge(options.maxAge).fieldValue
    for rule in options.redirects.rules {
      contents.routes.redirects.rules.append(rule)
      contents.routes.redirects.prefixes.append(contents.arena.append(rule.prefix))
      contents.routes.redirects.heads.append(redirectHead(rule.status, policy))
    }
  }

  /// The head of the operator's redirects with `status`.
  private mutating func redirectHead(
    _ status: ResponseStatus,
    _ cacheControl: String?
  ) -> HeadTemplate {
    // Unique: the first byte of every other two-byte key is a kind, which is less than 255.
    let key = [UInt8.max, UInt8(status.rawValue - 300)]
    if let known = redirectHeads[key] { return known }
    let head = heads.redirect(to: [], status, cacheControl: cacheControl, in: &contents.arena)
    redirectHeads[key] = head
    return head
  }

  /// Loads the file of `fallback`, the response to requests for pages that have no file of their
  /// own.
  private mutating func addPage(_ fallback: FileTable.Fallback) throws(AssetError) -> FileEntry {
    let path = BytePath(fallback.file)
    do throws(FileError) {
      begin(try ScannedMount(file: path))
      planFiles()
      readBodies()
      let entry = plan.files.first.flatMap {
        load($0, variesByAccept: fallback.order == .afterApp)
      }
      guard let entry else {
        throw FileError(operation: "read", path: path.description, code: EACCES)
      }
      return entry
    } catch {
      throw .unreadable(error)
    }
  }
}
