internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// The notices of a server that begins to serve: files, apps and addresses.
struct Announcement {
  let plan: TablePlan
  /// The addresses of the server's sockets.
  let addresses: [ListenAddress]
  let forwarding: ForwardingConfiguration?
  /// The addresses of the admin pages.
  let admins: [ListenAddress]

  /// Prints the notices of a server that serves `table`.
  func tell(_ table: FileTable) {
    for address in addresses {
      let isEmpty = plan.mounts.isEmpty && plan.uploads.isEmpty
      let served = isEmpty ? "no files" : plan.summary(of: table)
      Console.notice("Serving \(served) at \(Self.place(address))\(plan.firstPrefix)")
    }
    if let forwarding {
      tellApps(forwarding)
      if let own = addresses.first(where: \.isTCP) {
        let host = "\(own)".replacing(text: "0.0.0.0", with: "127.0.0.1")
          .replacing(text: "[::]", with: own.leavesIPv4(to: addresses) ? "[::1]" : "127.0.0.1")
        Console.notice("The site is at http://\(host)/")
      }
    }
    for admin in admins {
      Console.notice("Admin pages at \(Self.place(admin))\(admin.isTCP ? "/" : "")")
    }
  }

  /// Prints which requests are forwarded to which app.
  private func tellApps(_ forwarding: ForwardingConfiguration) {
    let limits = [forwarding.concurrencyMax] + forwarding.others.map(\.concurrencyMax)
    for (number, path) in forwarding.paths.enumerated() {
      guard let address = forwarding.addresses[number] else { continue }
      let limit = limits[number] == 0 ? "" : ", at most \(limits[number]) requests at a time"
      let what = path == "/" ? "the rest" : path
      Console.notice("Forwarding \(what) to \(address)\(limit)")
    }
  }

  private static func place(_ address: ListenAddress) -> String {
    address.isTCP ? "http://\(address)" : "\(address)"
  }
}

extension TablePlan {
  /// The files of a table built from this plan: `3 files (1.2 KiB in memory) from 'static'`.
  func summary(of table: FileTable) -> String {
    let count = Count.of(table.fileCount, "file")
    let memory =
      table.hasDeferredBodies ? "" : " (\(Count.bytes(table.memoryByteCount)) in memory)"
    return count + memory + (mounts.isEmpty ? "" : " from \(directories)")
  }
}

extension ListenAddress {
  /// The bound address of an inherited socket, otherwise the address itself.
  var ofSocket: ListenAddress {
    guard case .inherited(let descriptor) = self else { return self }
    return LocalAddress.bound(to: descriptor) ?? self
  }
}
