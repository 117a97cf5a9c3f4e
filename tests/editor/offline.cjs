// Loaded before the language server: it may open no connection, and says so where it tries.
const net = require("node:net");

net.Socket.prototype.connect = function () {
  process.stderr.write("refused: a connection\n");
  process.nextTick(() => this.destroy(new Error("no connections in tests")));
  return this;
};
