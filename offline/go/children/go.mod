module berth/offline/children

go 1.25.8
