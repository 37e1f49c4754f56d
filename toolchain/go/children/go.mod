module berth/toolchain/children

go 1.25.8
